"""The WSGI entry point: `granian --interface wsgi wsgi:app`."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess


def end_with(server: BaseProcess) -> None:
    """Ends this web process with the server that began it: alone it would keep the port."""
    server.join()
    os.kill(os.getpid(), signal.SIGTERM)


# Before all that takes a while to load, during which Granian's own handler would hear nothing.
if server := multiprocessing.parent_process():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with, args=(server,), daemon=True).start()

from newsapp import create_app  # noqa: E402

app = create_app()

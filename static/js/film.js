// Plays a video where its still picture stands, once somebody asked for it and not before.
function frame(link) {
  const made = document.createElement("iframe");
  made.className = "film__frame";
  made.src = link.dataset.filmFrame;
  made.title = link.dataset.filmTitle;
  made.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
  made.referrerPolicy = "strict-origin-when-cross-origin"; // YouTube plays for nobody without it
  made.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
  return made;
}

for (const link of document.querySelectorAll("[data-film-frame]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const made = frame(link);
    link.replaceWith(made);
    made.focus();
  });
}

// Streams in pieces: most browsers play them by themselves; for the others a player is brought.
for (const video of document.querySelectorAll("[data-film-hls]")) {
  if (video.canPlayType("application/vnd.apple.mpegurl")) continue;
  const source = video.querySelector("source");
  const address = source.src;
  source.remove();
  video.load();
  video.addEventListener("play", async () => {
    const { default: Hls } = await import(video.dataset.filmHls);
    if (!Hls.isSupported()) { location.href = address; return; }
    const player = new Hls({ enableWorker: false });
    player.loadSource(address);
    player.attachMedia(video);
    player.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  }, { once: true });
}

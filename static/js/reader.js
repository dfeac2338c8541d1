// What reader pages do beyond reading: each behaviour is a file of its own.
import "./times.js";
import "./dayline.js";
import "./ticker.js";
import "./live.js";
import "./livestate.js";
import "./pill.js";
import "./changes.js";
import "./notice.js";
import "./share.js";
import "./gallery.js";
import "./film.js";

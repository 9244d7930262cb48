// The camera that reads a QR code. It is on only from `start` until something fitting was read, the person stops it, or
// the page is hidden.

import { QRCamera, QRCanvas, frameLoop } from "../lib/qr/dom.js";

// Why it does not open, by the name of the browser's error; anything else is `camera-fails`.
const WHY = {
  NotAllowedError: "camera-denied",
  SecurityError: "camera-denied",
  NotFoundError: "camera-none",
  OverconstrainedError: "camera-none",
  NotReadableError: "camera-busy",
};

// The rear one first, and sharp enough for a small code. A height would make browsers cut the picture.
const WANTED = { facingMode: "environment", width: { ideal: 1280 } };

export class Scanner {
  // `read(text)` takes what was read and says whether that was it; `problem(word)` is told what goes wrong; `left()` that
  // the person stopped it.
  constructor(box, { read, problem, left }) {
    Object.assign(this, { box, read, problem, left });
    this.video = box.querySelector("video");
    this.choice = box.querySelector("[data-cameras]");
    this.cameras = this.choice.querySelector("select");
    this.cameras.addEventListener("change", () => this.#attempt(() => this.#change()));
    box.querySelector("[data-stop]").addEventListener("click", () => {
      this.stop();
      this.left();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    addEventListener("pagehide", () => this.stop());
  }

  async start() {
    // Browsers hand out no camera to pages that came unencrypted.
    if (!navigator.mediaDevices?.getUserMedia) return this.problem("camera-unsafe");
    if (this.on) return;
    const turn = (this.on = {});
    this.box.hidden = false;
    this.box.scrollIntoView({ block: "nearest" });
    await this.#attempt(async () => {
      const camera = new QRCamera(this.video, await navigator.mediaDevices.getUserMedia({ video: WANTED }));
      // Meanwhile it may have been stopped.
      if (this.on !== turn) return camera.stop();
      this.camera = camera;
      await this.video.play();
      this.#look();
      await this.#list();
    });
  }

  stop() {
    this.on = null;
    this.cancel?.();
    this.camera?.stop();
    this.camera = this.cancel = null;
    this.video.srcObject = null;
    this.box.hidden = true;
  }

  async #attempt(open) {
    try {
      await open();
      this.camera?.stream?.getVideoTracks()[0]?.addEventListener("ended", () => this.#lost(), { once: true });
    } catch (error) {
      if (!this.on) return; // stopped before it was open
      this.stop();
      this.problem(WHY[error.name] ?? "camera-fails");
    }
  }

  async #change() {
    await this.camera.setDevice(this.cameras.value);
    await this.video.play();
  }

  #lost() {
    if (!this.on) return;
    this.stop();
    this.problem("camera-fails");
  }

  #look() {
    const canvas = new QRCanvas();
    let last = null;
    this.cancel = frameLoop(async () => {
      const text = await this.camera?.readFrame(canvas, true);
      if (!this.on || text === undefined || text === last) return;
      last = text;
      if (this.read(text)) this.stop();
    }, this.video);
  }

  // Their names are known only once one of them has been allowed.
  async #list() {
    const found = await this.camera.listDevices();
    const used = this.camera.stream?.getVideoTracks()[0]?.getSettings().deviceId;
    this.cameras.replaceChildren(
      ...found.map(({ deviceId, label }) => new Option(label, deviceId, false, deviceId === used)),
    );
    this.choice.hidden = found.length < 2;
  }
}

// The camera that reads a QR code. It is on only from `start` until something fitting was read, the person stops it, or
// the page is hidden.

import { QRCanvas, frameLoop, rearCamera } from "../lib/qr/dom.js";

// Why it does not open, by the name of the browser's error; anything else is `camera-fails`.
const WHY = {
  NotAllowedError: "camera-denied",
  SecurityError: "camera-denied",
  NotFoundError: "camera-none",
  OverconstrainedError: "camera-none",
  NotReadableError: "camera-busy",
};

export class Scanner {
  // `read(text)` takes what was read and says whether that was it; `problem(word)` is told what goes wrong.
  constructor(box, { read, problem }) {
    Object.assign(this, { box, read, problem });
    this.video = box.querySelector("video");
    this.choice = box.querySelector("[data-cameras]");
    this.cameras = this.choice.querySelector("select");
    this.cameras.addEventListener("change", () => this.#attempt(() => this.camera.setDevice(this.cameras.value)));
    box.querySelector("[data-stop]").addEventListener("click", () => this.stop());
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    addEventListener("pagehide", () => this.stop());
  }

  async start() {
    // Browsers hand out no camera to pages that came unencrypted.
    if (!navigator.mediaDevices?.getUserMedia) return this.problem("camera-unsafe");
    if (this.on) return;
    this.on = true;
    this.box.hidden = false;
    this.box.scrollIntoView({ block: "nearest" });
    await this.#attempt(async () => {
      const camera = await rearCamera(this.video);
      // Meanwhile it may have been stopped.
      if (!this.on) return camera.stop();
      this.camera = camera;
      this.#look();
      await this.#list();
    });
  }

  stop() {
    this.on = false;
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
      this.stop();
      this.problem(WHY[error.name] ?? "camera-fails");
    }
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
    });
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

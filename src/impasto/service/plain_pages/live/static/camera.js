// The camera as a source of frames; what a browser says when there is none becomes the page's words.

const WORDS = {
  NotFoundError: "no_camera",
  OverconstrainedError: "no_camera",
  NotAllowedError: "camera_refused",
  SecurityError: "camera_refused",
};

/** Why there is no camera: a key of the page's words. */
export class CameraError extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}

/** A camera that is on: its video, whether it is shown as in a mirror, and how to turn it off. */
export class Camera {
  /**
   * Turn a camera on.
   * @param {"user" | "environment"} facing which one, where there are two.
   * @param {() => void} onEnd called when it is taken away, not when it is turned off.
   */
  static async open(facing, onEnd) {
    if (!navigator.mediaDevices?.getUserMedia) throw new CameraError("camera_insecure");
    let stream;
    try {
      const video = { facingMode: facing, width: { ideal: 640 }, height: { ideal: 480 } };
      stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      throw new CameraError(WORDS[error.name] ?? "camera_taken");
    }
    const camera = new Camera(stream);
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", onEnd);
    await camera.video.play();
    return camera;
  }

  constructor(stream) {
    this.stream = stream;
    this.video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
  }

  /** As people see themselves, unless the camera looks away from them. */
  get mirrored() {
    return this.stream.getVideoTracks()[0]?.getSettings().facingMode !== "environment";
  }

  close() {
    for (const track of this.stream.getTracks()) track.stop();
    this.video.srcObject = null;
  }

  /** Whether there is another one to turn to. */
  static async several() {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    return devices.filter(({ kind }) => kind === "videoinput").length > 1;
  }
}

import type { SingleBar } from 'cli-progress'
import type { OutputStream } from '../io.js'
import { bytes } from '../render/quantities.js'

/** A download as it stands. */
export interface DownloadState {
  readonly model: string
  readonly loadedBytes: number
  readonly totalBytes: number
  /** Bytes a second, 0 while not known. */
  readonly rate: number
}

/** A bar with bytes, rate and time left. Only for terminals; `cli-progress` is loaded with the first download. */
export class DownloadBar {
  readonly #stream: OutputStream
  #bar: SingleBar | undefined
  #model: string | undefined
  #wanted: DownloadState | undefined
  #loading = false

  constructor(stream: OutputStream) {
    this.#stream = stream
  }

  /** Draws or moves the bar. */
  show(state: DownloadState): void {
    this.#wanted = state
    if (this.#bar !== undefined && this.#model === state.model) {
      this.#bar.setTotal(state.totalBytes)
      this.#bar.update(state.loadedBytes, payload(state))
      return
    }
    this.#stop()
    if (!this.#loading) void this.#start()
  }

  /** Takes the bar away. */
  clear(): void {
    this.#wanted = undefined
    this.#stop()
  }

  async #start(): Promise<void> {
    this.#loading = true
    const { default: cliProgress } = await import('cli-progress')
    this.#loading = false
    // It may have ended while the package was loading.
    const state = this.#wanted
    if (state === undefined) return
    this.#model = state.model
    this.#bar = new cliProgress.SingleBar({
      stream: this.#stream,
      format: 'fetching {name} [{bar}] {percentage}% of {size}, {speed}, {eta_formatted} left',
      // Everything but the bar takes up to 68 columns.
      barsize: Math.min(30, Math.max(5, (this.#stream.columns ?? 80) - 70)),
      barCompleteChar: '█',
      barIncompleteChar: '░',
      clearOnComplete: true,
      gracefulExit: false,
      etaBuffer: 50,
    })
    this.#bar.start(state.totalBytes, state.loadedBytes, payload(state))
  }

  #stop(): void {
    this.#bar?.stop()
    this.#bar = undefined
    this.#model = undefined
  }
}

function payload(state: DownloadState): Record<string, string> {
  const name = state.model.slice(state.model.lastIndexOf('/') + 1)
  return {
    name: name.length > 18 ? `${name.slice(0, 17)}…` : name,
    size: bytes(state.totalBytes),
    speed: state.rate > 0 ? `${bytes(state.rate)}/s` : '…',
  }
}

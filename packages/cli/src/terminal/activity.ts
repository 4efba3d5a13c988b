import type { Progress } from '@openmux/core'
import { bytes } from '../render/quantities.js'
import { showControls } from './control-characters.js'
import { DownloadBar } from './download-bar.js'
import { Spinner } from './spinner.js'
import type { Terminal } from './terminal.js'

/** A plain line about a download comes at most this often. */
const PLAIN_LINE_MS = 10_000

/**
 * Shows what is being waited for on standard error: a bar for downloads and a spinner for the rest on
 * a terminal; elsewhere a line when a download begins and ends, and more only when `verbose`.
 */
export class Activity {
  readonly #terminal: Terminal
  readonly #verbose: boolean
  readonly #spinner: Spinner | undefined
  readonly #bar: DownloadBar | undefined
  readonly #rates = new Map<string, { readonly startedAt: number; readonly from: number; toldAt: number }>()
  readonly #loading = new Set<string>()

  constructor(terminal: Terminal, verbose: boolean) {
    this.#terminal = terminal
    this.#verbose = verbose
    if (!terminal.err.isTerminal) return
    this.#spinner = new Spinner(terminal.err.stream, terminal.err.colours.name)
    this.#bar = new DownloadBar(terminal.err.stream)
    terminal.setTransient(this)
  }

  /** Waiting begins. */
  wait(text: string): void {
    this.#spinner?.show(text)
  }

  /** Takes away what moves; lines that were written stay. */
  clear(): void {
    this.#spinner?.clear()
    this.#bar?.clear()
  }

  readonly onProgress = (progress: Progress): void => {
    const model = showControls(progress.model)
    if (progress.kind === 'download') this.#download({ ...progress, model })
    else if (progress.kind === 'load') this.#load(model, progress.done)
    else
      this.#tell(
        progress.ahead > 0 ? `waiting for ${progress.ahead} other requests to ${model}` : `next at ${model}`,
      )
  }

  #load(model: string, done: boolean): void {
    if (done) {
      this.#loading.delete(model)
      this.#spinner?.show('waiting for the answer')
      return
    }
    this.#bar?.clear()
    if (!this.#loading.has(model)) this.#tell(`loading ${model}`)
    this.#loading.add(model)
  }

  #download(progress: Progress & { readonly kind: 'download' }): void {
    const { model, loadedBytes, totalBytes, done } = progress
    const now = Date.now()
    const known = this.#rates.get(model)
    const about = known ?? { startedAt: now, from: loadedBytes, toldAt: 0 }
    this.#rates.set(model, about)
    const seconds = (now - about.startedAt) / 1_000
    const rate = seconds > 0.5 ? (loadedBytes - about.from) / seconds : 0
    if (done) {
      this.#rates.delete(model)
      // A download that was whole from the start is no news.
      if (known !== undefined) this.#line(`downloaded ${model}, ${bytes(totalBytes ?? loadedBytes)}`)
      return
    }
    if (this.#bar !== undefined && totalBytes !== undefined) {
      this.#spinner?.clear()
      this.#bar.show({ model, loadedBytes, totalBytes, rate })
      return
    }
    const so = totalBytes === undefined ? bytes(loadedBytes) : `${bytes(loadedBytes)} of ${bytes(totalBytes)}`
    if (this.#spinner !== undefined) this.#spinner.show(`downloading ${model}: ${so}`)
    else if (known === undefined)
      this.#line(`downloading ${model}${totalBytes === undefined ? '' : `, ${bytes(totalBytes)}`}`)
    else if (this.#verbose && now - about.toldAt > PLAIN_LINE_MS) this.#line(`downloading ${model}: ${so}`)
    else return
    about.toldAt = now
  }

  #tell(text: string): void {
    if (this.#spinner !== undefined) this.#spinner.show(text)
    else if (this.#verbose) this.#line(text)
  }

  #line(text: string): void {
    this.#terminal.err.lines(this.#terminal.err.colours.quiet(text))
  }
}

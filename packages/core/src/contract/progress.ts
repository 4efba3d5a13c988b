/** News about work that has to happen before an answer can begin. Bytes are of the whole model. */
export type Progress =
  | {
      readonly kind: 'download'
      readonly model: string
      readonly loadedBytes: number
      /** Absent while the size is not known. */
      readonly totalBytes?: number
      readonly done: boolean
    }
  /** The model is being brought into memory. Time spent here is not held against the back end. */
  | { readonly kind: 'load'; readonly model: string; readonly done: boolean }
  /** The call waits for `ahead` others. */
  | { readonly kind: 'queue'; readonly model: string; readonly ahead: number }

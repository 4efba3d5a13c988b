export { fileCache, type FileCacheOptions } from './file-cache.js'
export { fileSecret } from './file-secret.js'
export { fileStore, type FileStoreOptions } from './file-store.js'

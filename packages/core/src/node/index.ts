export { fileCache, type FileCacheOptions } from './file-cache.js'
export { type FileLock, tryLock } from './file-lock.js'
export { fileSecret } from './file-secret.js'
export { fileStore, type FileStoreOptions } from './file-store.js'

export { tinyChatModel, tinyEmbedModel, tinyModelsFolder, type TinyModel } from './tiny-models.js'

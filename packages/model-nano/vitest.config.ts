import { packageTests } from '../../tools/build/vitest.ts'

export default packageTests()

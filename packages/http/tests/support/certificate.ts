import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A key and a certificate that vouches for itself, as PEM texts. */
export interface Identity {
  readonly key: string
  readonly cert: string
}

/** Makes an identity for the names given, good for a day: nothing that could expire lies in the repository. */
export function identityOf(...names: readonly string[]): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(bytes(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
  const subject = sequence(
    bytes(
      0x31,
      sequence(bytes(0x06, Buffer.from('550403', 'hex')), bytes(0x0c, Buffer.from(names[0] ?? ''))),
    ),
  )
  const day = 86_400_000
  const validity = sequence(moment(Date.now() - day), moment(Date.now() + day))
  const alternatives = sequence(...names.map(alternative))
  const extension = sequence(bytes(0x06, Buffer.from('551d11', 'hex')), bytes(0x04, alternatives))
  const body = sequence(
    bytes(0xa0, bytes(0x02, Buffer.from([2]))),
    bytes(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    bytes(0xa3, sequence(extension)),
  )
  const signature = bytes(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]))
  const lines =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

/** A name, or an IPv4 address. */
function alternative(name: string): Buffer {
  return /^[\d.]+$/.test(name)
    ? bytes(0x87, Buffer.from(name.split('.').map(Number)))
    : bytes(0x82, Buffer.from(name))
}

function moment(at: number): Buffer {
  const text = new Date(at).toISOString().replaceAll(/\.\d+|[-:T]/g, '')
  return bytes(0x18, Buffer.from(text))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return bytes(0x30, Buffer.concat(parts))
}

/** One value of DER: what it is, how long, and itself. */
function bytes(tag: number, value: Buffer): Buffer {
  const { length } = value
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}

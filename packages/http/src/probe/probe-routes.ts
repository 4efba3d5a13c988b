import type { CallContext, ProbeCheck } from '@openmux/core'
import { probeCheck, type ProbeFinding, type ProbeQuestion, routeFinding } from '@openmux/core/probe'
import { foundChanged, type ProbeRequest, probeRequest } from './probe-request.js'

/** The server whose routes are asked. */
export type ProbedServer = Pick<ProbeRequest, 'client' | 'hasKey' | 'isInBandError'>

/** A question without its address, which is made of the path. */
export type RouteQuestion = Omit<ProbeQuestion, 'endpoint'>

/** Questions to the routes of one server. They throw `aborted` only. */
export interface RouteProbes {
  /** Asks for what a path gives, and reads it. */
  get(
    question: RouteQuestion,
    path: string,
    answered: (value: unknown, status: number) => ProbeFinding,
  ): Promise<ProbeCheck>
  /** Posts what no server can serve, a model that nobody has: the refusal shows that the route is there, and costs nothing. */
  refuses(question: RouteQuestion, path: string, json: object): Promise<ProbeCheck>
}

/** The questions of a probe to one server. */
export function probeRoutes(server: ProbedServer, context: CallContext): RouteProbes {
  const { baseURL } = server.client
  return {
    get: (question, path, answered) =>
      probeCheck({ ...question, endpoint: `GET ${baseURL}${path}` }, context, (call) =>
        probeRequest({ ...server, call: { path }, answered }, call),
      ),
    refuses: (question, path, json) =>
      probeCheck({ ...question, endpoint: `POST ${baseURL}${path}` }, context, (call) =>
        probeRequest(
          {
            ...server,
            call: { method: 'POST', path, json },
            answered: (_value, status) => foundChanged('a model that does not exist was not refused', status),
            refused: routeFinding,
          },
          call,
        ),
      ),
  }
}

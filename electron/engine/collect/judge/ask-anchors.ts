import { getServers, promises as dns } from 'node:dns';
import { connect } from 'node:net';
import type { Clock } from '../../schedule/index.ts';
import { isNeighbourKnown, readDefaultRoute } from './default-route.ts';
import type { AnchorReport } from './own-network.ts';

/** Looks at what lies between this machine and the others. */
export type AskAnchors = () => Promise<AnchorReport>;

const PATIENCE_MS = 3000;
/** What any machine of a network may listen on; a refusal is an answer as well. */
const GATEWAY_PORT = 53;
/** Answers of a name server that has lost its own way: source: RFC 1035, 4.1.1, and c-ares's words for no answer. */
const NO_ANSWER = ['ETIMEOUT', 'ECONNREFUSED', 'ESERVFAIL', 'ECANCELLED', 'ECONNRESET'];

/** Ask the route, the gateway, the name servers of the system and the operator's own anchors, all at once. */
export function createAskAnchors(clock: Clock, ownAnchors: () => readonly string[]): AskAnchors {
  return async () => {
    const { hasRoute, gateway } = await readDefaultRoute();
    if (hasRoute === false) return { hasRoute, gatewayAnswers: null, beyond: [] };
    const [gatewayAnswers, ...beyond] = await Promise.all([
      gateway === null ? null : answersOrKnown(gateway, clock),
      ...getServers().map(resolvesRoot),
      ...ownAnchors().map((anchor) => {
        const at = anchor.lastIndexOf(':');
        return answersTcp(anchor.slice(0, at).replace(/^\[|\]$/g, ''), Number(anchor.slice(at + 1)), clock);
      }),
    ]);
    return { hasRoute, gatewayAnswers, beyond };
  };
}

async function answersOrKnown(gateway: string, clock: Clock): Promise<boolean> {
  if (await answersTcp(gateway, GATEWAY_PORT, clock)) return true;
  // A gateway may drop the packet; that it told its hardware address shows that it is there.
  return (await isNeighbourKnown(gateway)) === true;
}

/** Whether anything answers there: an open port, or a refusal. */
function answersTcp(host: string, port: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answers: boolean): void => {
      cancel();
      socket.destroy();
      resolve(answers);
    };
    const cancel = clock.after(PATIENCE_MS, () => {
      end(false);
    });
    socket.once('connect', () => {
      end(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET');
    });
  });
}

/** Whether a name server knows the root, which it must have from beyond; any answer but a failure will do. */
async function resolvesRoot(server: string): Promise<boolean> {
  const resolver = new dns.Resolver({ timeout: PATIENCE_MS, tries: 1 });
  resolver.setServers([server]);
  try {
    await resolver.resolveNs('.');
    return true;
  } catch (error) {
    return !NO_ANSWER.includes((error as { code?: string }).code ?? '');
  }
}

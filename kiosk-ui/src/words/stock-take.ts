// Words of the mode Inventaire: French, and English beside it.
import { several } from './format';
import { words } from './language';

export const stockTake = words({
  views: [
    { scan: 'Compter', report: 'Rapport' } as Record<string, string>,
    { scan: 'Count', report: 'Report' } as Record<string, string>,
  ],
  viewsLabel: ['Étape', 'Step'],
  expectOpen: ['Ouvrez un inventaire', 'Open a stock-take'],
  expectOpenMore: ['Donnez-lui un nom, puis scannez salle par salle.', 'Name it, then scan room by room.'],
  expect: ['Scannez tout ce qui est là', 'Scan everything that is here'],
  expectMore: [(room: string) => (room ? `Salle : ${room}` : 'Indiquez la salle pour retrouver ce qui manque.'), (room: string) => (room ? `Room: ${room}` : 'Say which room, to find what is missing.')],
  report: ['Lisez le rapport, puis clôturez', 'Read the report, then close'],
  reportMore: [(count: number) => `${several(count, 'correction cochée', 'corrections cochées')}.`, (count: number) => `${several(count, 'correction', 'corrections')} ticked.`],
  closed: ['Inventaire clos', 'Stock-take closed'],
  closedMore: [(count: number) => `${several(count, 'correction appliquée', 'corrections appliquées')}.`, (count: number) => `${several(count, 'correction', 'corrections')} applied.`],
  name: ['Nom de l’inventaire', 'Name of the stock-take'],
  nameHint: ['Toussaint 2026', 'Autumn 2026'],
  open: ['Ouvrir', 'Open'],
  openTitle: ['Nouvel inventaire', 'New stock-take'],
  room: ['Salle', 'Room'],
  roomHint: ['CDI, B112, armoire…', 'Library, B112, cupboard…'],
  stockTake: ['Inventaire', 'Stock-take'],
  isClosed: ['clos', 'closed'],
  counts: [
    { found: 'vus', missing: 'pas encore vus', unexpected: 'inattendus', unknown: 'inconnus' } as Record<string, string>,
    { found: 'seen', missing: 'not seen yet', unexpected: 'unexpected', unknown: 'unknown' } as Record<string, string>,
  ],
  findings: [
    { missing: 'Pas vus', unexpected: 'Vus, mais attendus ailleurs', unknown: 'Vus, sur aucune liste' } as Record<string, string>,
    { missing: 'Not seen', unexpected: 'Seen, but believed elsewhere', unknown: 'Seen, on no list' } as Record<string, string>,
  ],
  nothing: ['Rien à signaler : tout concorde.', 'Nothing to tell: everything agrees.'],
  strange: ['À regarder', 'To look at'],
  strangeNone: ['Rien d’inattendu pour l’instant.', 'Nothing unexpected so far.'],
  believed: [(state: string, holder: string) => (holder ? `${state}, ${holder}` : state), (state: string, holder: string) => (holder ? `${state}, ${holder}` : state)],
  inRoom: [(room: string) => `vu en ${room}`, (room: string) => `seen in ${room}`],
  remove: ['Retirer ce scan', 'Take this scan back'],
  close: ['Clôturer', 'Close'],
  closeTitle: ['Clôturer l’inventaire', 'Close the stock-take'],
  closeWhy: [
    (count: number) => (count === 0 ? 'Aucune correction ne sera appliquée. Le rapport sera figé.' : `${several(count, 'correction sera appliquée', 'corrections seront appliquées')}. Le rapport sera figé.`),
    (count: number) => (count === 0 ? 'No correction is applied. The report is frozen.' : `${several(count, 'correction is', 'corrections are')} applied. The report is frozen.`),
  ],
  print: ['Imprimer le rapport', 'Print the report'],
  needsPerson: ['à voir sur place', 'for a person to look at'],
  applied: ['appliquée', 'applied'],
  managers: ['Le référent ou le chef d’établissement clôture.', 'The referent or the head closes it.'],
});

// Words of what the modes of the desk share: French, and English beside it.
import { number } from './format';
import { words } from './language';

export const modes = words({
  modeSwap: ['Échange', 'Swap'],
  modeReturn: ['Retour', 'Return'],
  modeReception: ['Réception', 'Delivery'],
  modeStockTake: ['Inventaire', 'Stock-take'],
  modeReserve: ['Réserve', 'Reserve'],
  modeRepairs: ['SAV', 'Repairs'],
  modesOffice: ['Bureau', 'Office'],
  modesDesk: ['Modes du poste', 'Modes of the desk'],
  lastActs: ['Derniers actes de ce poste', 'Last acts of this desk'],
  lastActsNone: ['Rien depuis ce poste pour l’instant.', 'Nothing from this desk yet.'],
  undoAct: [(label: string, what: string) => `${label}, ${what}`, (label: string, what: string) => `${label}, ${what}`],
  undoActTitle: [(label: string) => `Annuler : ${label}`, (label: string) => `Undo: ${label}`],
  undoActDo: ['Annuler cet acte', 'Undo this act'],
  undoActReasons: [['Mauvais ordinateur', 'Mauvais élève', 'Erreur de saisie'], ['Wrong laptop', 'Wrong pupil', 'Slip']],
  actUndone: [(label: string) => `${label} : annulé`, (label: string) => `${label}: undone`],
  actUndoneRemedy: ['Tout est comme avant.', 'Everything is as before.'],
  nothingToUndoActs: ['Aucun acte de ce poste, dans ce mode, ne date de moins de 15 minutes.', 'No act of this desk in this mode is less than 15 minutes old.'],
  manyLaptops: [(count: number) => `${number(count)} ordinateurs`, (count: number) => `${number(count)} laptops`],
  enterKey: ['Entrée', 'Enter'],
  receiptKey: ['R', 'R'],
  escapeKey: ['Échap', 'Esc'],
  confirmKey: ['valider', 'confirm'],
  confirmWord: ['Valider', 'Confirm'],
});

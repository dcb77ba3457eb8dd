// Words of the board of the room: French, and English beside it.
import { number } from './format';
import { words } from './language';

export const board = words({
  boardTitle: ['Tableau de la salle', 'Board of the room'],
  boardOpen: ['Ouvrir le tableau', 'Open the board'],
  boardCall: ['Appeler', 'Call'],
  boardCallClass: [(code: string) => `Appeler ${code} au tableau`, (code: string) => `Call ${code} on the board`],
  boardEnd: ['Fin d’appel', 'End the call'],
  boardCalled: ['appelée au tableau', 'called on the board'],
  boardNowCalled: [(label: string) => `${label} est appelé au tableau.`, (label: string) => `${label} is called on the board.`],
  boardCalledNow: ['Appel en cours', 'Called now'],
  boardIdle: ['Aucune classe n’est appelée', 'No class is called'],
  boardDone: ['équipés', 'equipped'],
  boardLeft: ['il reste', 'left'],
  boardOver: ['dépassé de', 'over by'],
  boardAll: [(done: number, all: number) => `Lycée : ${number(done)} sur ${number(all)}`, (done: number, all: number) => `School: ${number(done)} of ${number(all)}`],
  boardMissing: [(count: number) => `Attendus : ${count}`, (count: number) => `Expected: ${count}`],
  boardNobody: ['Toute la classe est équipée', 'The whole class is equipped'],
  boardCharters: [(count: number) => `Chartes manquantes : ${count}`, (count: number) => `Charters missing: ${count}`],
  boardNoCharter: ['Aucune charte ne manque', 'No charter is missing'],
  boardNext: ['Ensuite', 'Next'],
  boardNothingNext: ['rien de prévu', 'nothing planned'],
});

// Words of progress by class: French, and English beside it.
import { number } from './format';
import { words } from './language';

export const progress = words({
  progressClass: [(code: string, done: number, all: number) => `${code} : ${done} sur ${all}`, (code: string, done: number, all: number) => `${code}: ${done} of ${all}`],
  progressAll: [(done: number, all: number) => `Total : ${number(done)} sur ${number(all)}`, (done: number, all: number) => `Total: ${number(done)} of ${number(all)}`],
  progressTitle: ['Avancement par classe', 'Progress by class'],
  progressNone: ['Aucune classe : importez d’abord le fichier SIECLE.', 'No class: import the SIECLE file first.'],
  class: ['Classe', 'Class'],
  pupils: ['Élèves', 'Pupils'],
  entitledPupils: ['Dotés', 'Entitled'],
  chartersIn: ['Chartes', 'Charters'],
  equippedPupils: ['Équipés', 'Equipped'],
  noCampaign: ['Aucune campagne n’est ouverte : le référent l’ouvre avec « remise school ».', 'No campaign is open.'],
});

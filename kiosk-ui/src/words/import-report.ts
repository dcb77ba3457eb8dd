// Words of what a file would change: French, and English beside it.
import { amount, number, several } from './format';
import { words } from './language';

/** What the service means by « no limit »: the largest integer of SQL. */
const UNLIMITED = 2_147_483_647;
const DAYS_FR = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
const DAYS_EN = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** A value of a reference, as a person reads it. */
function value(name: string, told: unknown, days: readonly string[], [yes, no, unlimited]: readonly [string, string, string]): string {
  if (told === null || told === undefined) return '';
  if (Array.isArray(told)) return told.map(String).join(', ');
  if (typeof told === 'boolean') return told ? yes : no;
  if (typeof told !== 'number') return String(told);
  if (name === 'unit_price') return amount(told);
  if (name === 'day') return days[told - 1] ?? '';
  return told === UNLIMITED ? unlimited : number(told);
}

export const importReport = words({
  figures: ['En chiffres', 'In figures'],
  thing: ['Quoi', 'What'],
  things: [
    {
      students: 'Élèves', guardians: 'Responsables', links: 'Responsables d’élèves', devices: 'Ordinateurs', badges: 'Badges', class: 'Classes', mef: 'MEF',
      teacher: 'Enseignants', course: 'Cours', licence: 'Licences', references: 'Références', structures: 'Divisions et groupes', accounts: 'Comptes',
    } as Record<string, string>,
    {
      students: 'Pupils', guardians: 'Guardians', links: 'Guardians of pupils', devices: 'Laptops', badges: 'Badges', class: 'Classes', mef: 'MEFs',
      teacher: 'Teachers', course: 'Courses', licence: 'Licences', references: 'References', structures: 'Divisions and groups', accounts: 'Accounts',
    } as Record<string, string>,
  ],
  total: ['Ensemble', 'All'],
  counts: [
    { read: 'Lus', added: 'Ajoutés', changed: 'Modifiés', unchanged: 'Inchangés', gone: 'Disparus' },
    { read: 'Read', added: 'Added', changed: 'Changed', unchanged: 'Unchanged', gone: 'Gone' },
  ],
  refused: [(count: number) => several(count, 'ligne refusée', 'lignes refusées'), (count: number) => several(count, 'row refused', 'rows refused')],
  warnings: [(count: number) => several(count, 'avertissement', 'avertissements'), (count: number) => several(count, 'warning', 'warnings')],
  left: [(count: number) => several(count, 'élève parti', 'élèves partis'), (count: number) => several(count, 'pupil who left', 'pupils who left')],
  apply: [(count: number) => `Appliquer ${several(count, 'changement', 'changements')}`, (count: number) => `Apply ${several(count, 'change', 'changes')}`],
  discard: ['Abandonner', 'Discard'],
  undo: ['Annuler cet import', 'Undo this import'],
  applied: ['Fichier appliqué', 'File applied'],
  discarded: ['Fichier abandonné, rien n’a changé.', 'File discarded, nothing changed.'],
  undone: ['Import annulé, tout est comme avant.', 'Import undone, all is as before.'],
  noChange: ['Rien ne change : ce fichier est déjà pris en compte.', 'Nothing changes: this file was already taken in.'],
  nothing: ['Rien à enregistrer : toutes les lignes sont à revoir.', 'Nothing to record: every row is to be looked at.'],
  manyGone: [(count: number) => `${several(count, 'élève n’est plus', 'élèves ne sont plus')} dans ce fichier`, (count: number) => `${several(count, 'pupil is', 'pupils are')} no longer in this file`],
  manyGoneWhy: [
    'Vérifiez que l’export porte sur tout l’établissement. Ils seraient signalés comme disparus, jamais supprimés.',
    'Check that the export is of the whole school. They would be flagged as gone, never deleted.',
  ],
  leavers: [
    (count: number, more: boolean) => `${more ? 'Au moins ' : ''}${several(count, 'élève qui part a', 'élèves qui partent ont')} encore un ordinateur`,
    (count: number, more: boolean) => `${more ? 'At least ' : ''}${several(count, 'pupil who leaves', 'pupils who leave')} still with a laptop`,
  ],
  leaversWhat: ['Reprenez-le au mode Retour ; le fichier n’y change rien.', 'Take it back in the mode Return; the file changes nothing about it.'],
  holds: ['détient encore', 'still holds'],

  confirmTitle: [
    (count: number) => (count > 1 ? `${count} élèves à confirmer` : count === 1 ? 'Un élève à confirmer' : 'Élèves confirmés'),
    (count: number) => (count > 1 ? `${count} pupils to confirm` : count === 1 ? 'A pupil to confirm' : 'Pupils confirmed'),
  ],
  confirmWhat: [
    'Même nom et même date de naissance qu’un élève connu, mais un autre identifiant. Sans réponse, ces lignes ne changent rien.',
    'Same name and birth date as a known pupil, but another identifier. Without an answer these rows change nothing.',
  ],
  inFile: ['Dans le fichier', 'In the file'],
  known: ['Déjà connu', 'Known already'],
  answer: ['Réponse', 'Answer'],
  same: ['C’est le même élève', 'It is the same pupil'],
  other: ['C’est un autre', 'It is another one'],
  allSame: ['Tous : ce sont les mêmes', 'All of them: the same'],
  allOther: ['Tous : ce sont d’autres élèves', 'All of them: other pupils'],
  ofRow: [(row: number) => `ligne ${row}`, (row: number) => `row ${row}`],

  issues: [(count: number) => several(count, 'anomalie', 'anomalies'), (count: number) => several(count, 'issue', 'issues')],
  noIssue: ['Aucune anomalie.', 'Nothing wrong.'],
  issuesGone: ['Le détail des anomalies n’est plus gardé.', 'The issues are no longer kept.'],
  issuesNote: [
    'Les lignes refusées ne seront pas enregistrées. Corrigez-les dans le logiciel d’origine, exportez, puis déposez le fichier de nouveau.',
    'Refused rows will not be recorded. Mend them where they come from, export, then drop the file again.',
  ],
  issuesExport: ['Exporter les anomalies (CSV)', 'Export the issues (CSV)'],
  severity: ['Gravité', 'Severity'],
  severities: [{ error: 'ligne refusée', warning: 'avertissement' } as Record<string, string>, { error: 'row refused', warning: 'warning' } as Record<string, string>],
  nature: ['Anomalie', 'Issue'],
  any: ['Toutes', 'All'],
  text: ['Filtrer', 'Filter'],
  read: ['Lu', 'Read'],
  expected: ['Attendu', 'Expected'],
  remedy: ['Que faire', 'What to do'],
  noneLeft: ['Aucune ligne pour ces filtres.', 'No row for these filters.'],

  changes: ['Ce qui changerait', 'What would change'],
  changed: ['Ce qui a changé', 'What has changed'],
  action: ['Action', 'Action'],
  who: ['Qui ou quoi', 'Who or what'],
  field: ['Champ', 'Field'],
  fields: [
    {
      label: 'Libellé', mefs: 'MEF', expected: 'Effectif prévu', mefstat: 'MEFSTAT', national: 'MEF national', last_name: 'Nom', first_name: 'Prénom', function: 'Fonction',
      main_of: 'Professeur principal de', classes: 'Classes', group: 'Groupe', subject: 'Matière', teacher: 'Enseignant', day: 'Jour', starts_at: 'Début', minutes: 'Minutes',
      week: 'Semaine', room: 'Salle', title: 'Titre', publisher: 'Éditeur', ean: 'EAN', ark: 'Identifiant', students: 'Licences d’élèves', teachers: 'Licences d’enseignants',
      unit_price: 'Prix unitaire', state: 'État', free: 'Offertes', valid_from: 'Valable du', valid_to: 'Valable jusqu’au',
    } as Record<string, string>,
    {
      label: 'Label', mefs: 'MEFs', expected: 'Headcount foreseen', mefstat: 'MEFSTAT', national: 'National MEF', last_name: 'Name', first_name: 'First name', function: 'Function',
      main_of: 'Main teacher of', classes: 'Classes', group: 'Group', subject: 'Subject', teacher: 'Teacher', day: 'Day', starts_at: 'Start', minutes: 'Minutes',
      week: 'Week', room: 'Room', title: 'Title', publisher: 'Publisher', ean: 'EAN', ark: 'Identifier', students: 'Pupils’ licences', teachers: 'Teachers’ licences',
      unit_price: 'Unit price', state: 'State', free: 'Given free', valid_from: 'Valid from', valid_to: 'Valid until',
    } as Record<string, string>,
  ],
  value: [
    (name: string, told: unknown) => value(name, told, DAYS_FR, ['oui', 'non', 'illimité']),
    (name: string, told: unknown) => value(name, told, DAYS_EN, ['yes', 'no', 'unlimited']),
  ],
  said: [(name: string, said: string) => `${name} : ${said}`, (name: string, said: string) => `${name}: ${said}`],
  before: ['Avant', 'Before'],
  after: ['Après', 'After'],
});

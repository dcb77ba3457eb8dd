// Every word of the page: French, and English beside it. What the service says comes as it is.
import type { Remark } from './flow/desk';
import type { CameraProblem } from './scanning/camera';
import type { Focus } from './scanning/controls';
import type { Place } from './scanning/engine';

type Language = 'fr' | 'en';
type Pairs = Record<string, readonly [unknown, unknown]>;
type Words<T extends Pairs> = { readonly [K in keyof T]: T[K][0] };

const REMEMBERED = 'remise.language';

export const language: Language = localStorage.getItem(REMEMBERED) === 'en' ? 'en' : 'fr';

/** The other language, after a reload. */
export function changeLanguage(): void {
  localStorage.setItem(REMEMBERED, language === 'fr' ? 'en' : 'fr');
  location.reload();
}

export function words<T extends Pairs>(pairs: T): Words<T> {
  const at = language === 'fr' ? 0 : 1;
  return Object.fromEntries(Object.entries(pairs).map(([name, pair]) => [name, pair[at]])) as Words<T>;
}

export const several = (count: number, one: string, many: string) => `${number(count)} ${count > 1 ? many : one}`;

export const w = words({
  // The house
  modeHandOver: ['Remise', 'Hand-over'],
  modeImports: ['Fichiers', 'Files'],
  modeRegister: ['Registre', 'Register'],
  modePrints: ['Impressions', 'Prints'],
  otherLanguage: ['English', 'Français'],
  logOut: ['Déconnexion', 'Log out'],
  changeStation: ['Changer le nom du poste', 'Rename the desk'],
  skip: ['Aller au contenu', 'Skip to content'],
  linkUp: ['Relié au service', 'Linked to the service'],
  linkDown: ['Service injoignable', 'Service unreachable'],
  close: ['Fermer', 'Close'],
  cancel: ['Annuler', 'Cancel'],
  retry: ['Réessayer', 'Try again'],
  loading: ['Chargement…', 'Loading…'],
  unreachable: ['Le service ne répond pas.', 'The service does not answer.'],
  unreachableRemedy: ['Vérifiez le réseau, puis recommencez.', 'Check the network, then try again.'],
  unreachableWaiting: ['Vérifiez le réseau ; la page réessaie toute seule.', 'Check the network; the page tries again by itself.'],
  roles: [
    { operator: 'Agent', manager: 'Référent numérique', head: 'Chef d’établissement', region: 'Région' } as Record<string, string>,
    { operator: 'Operator', manager: 'Digital referent', head: 'Head of school', region: 'Région' } as Record<string, string>,
  ],

  // Log-in
  logInTitle: ['Connexion', 'Log in'],
  establishment: ['Établissement', 'School'],
  regionOffice: ['Région (tous les établissements)', 'Région (every school)'],
  operatorName: ['Nom d’utilisateur', 'User name'],
  password: ['Mot de passe ou code', 'Password or PIN'],
  logIn: ['Se connecter', 'Log in'],
  noSchool: ['Aucun établissement n’est encore ouvert sur ce service.', 'No school is open on this service yet.'],
  noSchoolRemedy: ['Ouvrez-en un avec « remise school », puis rechargez la page.', 'Open one with “remise school”, then reload.'],
  stationTitle: ['Nom de ce poste', 'Name of this desk'],
  stationWhy: [
    'Il figure dans le journal et sur chaque remise. Par exemple « CDI 1 » ou « Accueil gauche ».',
    'It is kept with every hand-over. For example “Library 1”.',
  ],
  stationName: ['Nom du poste', 'Name of the desk'],
  stationSave: ['Commencer', 'Start'],

  // The desk: what is expected
  expectAnything: ['Présentez le badge', 'Show the badge'],
  expectAnythingMore: ['Badge, ordinateur et charte, dans l’ordre que vous voulez.', 'Badge, laptop and charter, in any order.'],
  expectStudent: ['Présentez le badge de l’élève', 'Show the pupil’s badge'],
  expectDevice: ['Présentez l’étiquette de l’ordinateur', 'Show the laptop’s label'],
  expectCharter: ['Présentez la charte signée', 'Show the signed charter'],
  expectCharterOne: ['Présentez le second exemplaire', 'Show the second copy'],
  expectCharterMore: ['Sans code-barres : deux exemplaires signés, un gardé, puis Espace.', 'No barcode: two signed copies, one kept, then Space.'],
  expectAnswer: ['Deux réponses possibles : choisissez', 'Two possible answers: choose'],
  recording: ['Enregistrement…', 'Recording…'],
  retrying: ['Le réseau ne répond pas, nouvel essai…', 'The network does not answer, trying again…'],
  done: ['Remis', 'Handed over'],
  doneSentence: [
    (serial: string, name: string, group: string | null) => `${name}${group ? `, ${group}` : ''} — ${serial}`,
    (serial: string, name: string, group: string | null) => `${name}${group ? `, ${group}` : ''} — ${serial}`,
  ],
  doneRemedy: ['Donnez l’ordinateur et son kit, puis présentez le badge suivant.', 'Give laptop and kit, then show the next badge.'],
  undone: ['Remise annulée', 'Hand-over undone'],
  undoneSentence: [(serial: string, name: string) => `${serial} n’est plus chez ${name}.`, (serial: string, name: string) => `${serial} is no longer with ${name}.`],
  undoneRemedy: ['L’ordinateur peut être remis de nouveau.', 'The laptop can be handed out again.'],
  learned: ['Badge appris', 'Badge learned'],
  learnedSentence: [(name: string) => `Ce badge est désormais celui de ${name}.`, (name: string) => `This badge is now ${name}’s.`],
  learnedRemedy: ['Il suffira de le présenter.', 'Showing it will do.'],
  remarkTitle: [
    {
      'already-done': 'Déjà fait', 'other-charter': 'Charte d’un autre élève', 'old-charter': 'Charte périmée',
      unknown: 'Code inconnu', ambiguous: 'Code à double sens', 'not-ours': 'Ce n’est pas le bon code',
    } as Record<Remark['kind'], string>,
    {
      'already-done': 'Already done', 'other-charter': 'Somebody else’s charter', 'old-charter': 'Outdated charter',
      unknown: 'Unknown code', ambiguous: 'Two meanings', 'not-ours': 'Not the right code',
    } as Record<Remark['kind'], string>,
  ],
  alreadyDone: ['Cette remise vient d’être enregistrée.', 'This hand-over has just been recorded.'],
  alreadyDoneRemedy: ['Rien à faire : présentez le badge suivant.', 'Nothing to do: show the next badge.'],
  otherCharter: [
    (owner: string, student: string) => `Cette charte est celle de ${owner} ; le badge est celui de ${student}.`,
    (owner: string, student: string) => `This charter is ${owner}’s; the badge is ${student}’s.`,
  ],
  otherCharterRemedy: ['Présentez la charte de l’élève affiché.', 'Show the charter of the pupil on screen.'],
  oldCharter: [(owner: string) => `La charte de ${owner} est d’une ancienne version.`, (owner: string) => `${owner}’s charter is of an older version.`],
  oldCharterRemedy: ['Faites signer la charte de cette campagne.', 'Have this campaign’s charter signed.'],
  unknownCode: [(code: string) => `L’établissement ne connaît pas ${code}.`, (code: string) => `The school does not know ${code}.`],
  ambiguousCode: [(code: string) => `${code} désigne plusieurs choses de l’établissement.`, (code: string) => `${code} names several things of the school.`],
  ambiguousRemedy: ['Cherchez l’élève par son nom, ou présentez un autre code de l’étiquette.', 'Search the pupil by name, or show another code of the label.'],
  unknownRemedy: ['Cherchez l’élève par son nom, ou mettez l’ordinateur de côté.', 'Search the pupil by name, or set the laptop aside.'],
  notOurs: [
    { part_number: 'C’est la référence du modèle.', mac: 'C’est une adresse réseau.', other: 'Ce code ne dit rien d’utile ici.' } as Record<string, string>,
    { part_number: 'That is the part number.', mac: 'That is a network address.', other: 'That code says nothing useful here.' } as Record<string, string>,
  ],
  notOursRemedy: ['Présentez le numéro de série (S/N).', 'Show the serial number (S/N).'],
  nothingRead: ['Rien de lisible', 'Nothing readable'],
  nothingReadSentence: ['Aucun code n’a été trouvé sur cette photo.', 'No code was found in this photo.'],
  nothingReadRemedy: ['Reprenez-la de plus près, bien à plat et sans reflet.', 'Take it closer, flat and without glare.'],

  // Cards
  student: ['Élève', 'Pupil'],
  device: ['Ordinateur', 'Laptop'],
  charter: ['Charte', 'Charter'],
  waitingStudent: ['Badge, ou nom dans la recherche', 'Badge, or a name in the search'],
  waitingDevice: ['Numéro de série de l’étiquette', 'Serial number on the label'],
  waitingCharter: ['Deux exemplaires signés', 'Two signed copies'],
  noClass: ['sans classe', 'no class'],
  entitled: ['Dotation', 'Entitled'],
  notEntitled: ['Pas de dotation', 'Not entitled'],
  leftOn: [(day: string) => `A quitté l’établissement le ${day}`, (day: string) => `Left the school on ${day}`],
  equipped: [(serial: string, at: string) => `Déjà équipé : ${serial}, depuis le ${at}`, (serial: string, at: string) => `Already equipped: ${serial}, since ${at}`],
  missingSince: [(at: string) => `Absent du dernier fichier SIECLE depuis le ${at}`, (at: string) => `Missing from the last SIECLE file since ${at}`],
  notEquipped: ['Pas encore équipé', 'Not equipped yet'],
  serial: ['S/N', 'S/N'],
  heldBy: [
    (name: string, group: string | null | undefined, at: string) => `Chez ${name}${group ? ` (${group})` : ''} depuis le ${at}`,
    (name: string, group: string | null | undefined, at: string) => `With ${name}${group ? ` (${group})` : ''} since ${at}`,
  ],
  kit: ['Kit remis', 'Kit handed over'],
  copies: [(shown: number) => `${shown} exemplaire${shown > 1 ? 's' : ''} sur 2`, (shown: number) => `${shown} of 2 copies`],
  copyKept: ['Un exemplaire gardé par l’établissement', 'One copy kept by the school'],
  charterOnFile: ['Charte déjà reçue, un exemplaire gardé', 'Charter on file, one copy kept'],
  charterConfirm: ['Deux exemplaires signés, un gardé', 'Two signed copies, one kept'],
  spaceKey: ['Espace', 'Space'],
  charterVersion: [(version: string) => `Version ${version}`, (version: string) => `Version ${version}`],
  override: ['Passer outre…', 'Override…'],
  overrideTitle: ['Remettre sans charte complète', 'Hand over without a complete charter'],
  overrideWhy: [(name: string) => `${name} restera sur la liste des chartes à réclamer.`, (name: string) => `${name} stays on the list of charters to chase.`],
  overrideDo: ['Remettre quand même', 'Hand over anyway'],
  reason: ['Motif', 'Reason'],

  // Outcome actions
  acknowledge: ['J’ai vu', 'Understood'],
  clear: ['Effacer', 'Clear'],
  forgetBadge: ['Oublier ce badge', 'Forget this badge'],
  forgotten: ['Badge oublié', 'Badge forgotten'],
  forgottenSentence: [(name: string) => `Cette carte n’est plus celle de ${name}.`, (name: string) => `This card is no longer ${name}’s.`],
  learnBadge: [(name: string) => `C’est le badge de ${name}`, (name: string) => `This is ${name}’s badge`],

  // Question
  questionStudent: ['Deux badges sont visibles : lequel ?', 'Two badges are in view: which one?'],
  questionDevice: ['Deux ordinateurs sont visibles : lequel ?', 'Two laptops are in view: which one?'],

  // Camera
  camera: ['Caméra', 'Camera'],
  cameraChoice: ['Caméra utilisée', 'Camera in use'],
  cameraStart: ['Ouverture de la caméra…', 'Opening the camera…'],
  readingPlace: ['Lecture des codes', 'Reading codes'],
  readingPlaces: [
    { page: 'Lecture : sur ce poste', service: 'Lecture : par le serveur' } as Record<Place, string>,
    { page: 'Reading: on this desk', service: 'Reading: by the service' } as Record<Place, string>,
  ],
  readingWorks: [
    { page: 'Lu sur ce poste', service: 'Lu par le serveur' } as Record<Place, string>,
    { page: 'Read on this desk', service: 'Read by the service' } as Record<Place, string>,
  ],
  milliseconds: [(ms: number) => `${Math.round(ms)} ms`, (ms: number) => `${Math.round(ms)} ms`],
  torch: ['Lampe', 'Lamp'],
  zoom: ['Zoom', 'Zoom'],
  focus: ['Mise au point', 'Focus'],
  focuses: [
    { continuous: 'Mise au point continue', 'single-shot': 'Mise au point unique', manual: 'Mise au point fixe' } as Record<Focus, string>,
    { continuous: 'Continuous focus', 'single-shot': 'Single focus', manual: 'Fixed focus' } as Record<Focus, string>,
  ],
  cameraTitle: [
    {
      insecure: 'Caméra impossible sur cette adresse', refused: 'Caméra refusée', absent: 'Aucune caméra',
      busy: 'Caméra déjà utilisée', failed: 'La caméra ne répond pas',
    } as Record<CameraProblem, string>,
    {
      insecure: 'No camera at this address', refused: 'Camera refused', absent: 'No camera', busy: 'Camera in use',
      failed: 'The camera does not answer',
    } as Record<CameraProblem, string>,
  ],
  cameraWhy: [
    {
      insecure: 'Le navigateur ne donne la caméra qu’aux pages sûres : ouvrez l’adresse en https, ou http://localhost sur l’ordinateur du service.',
      refused: 'Autorisez la caméra dans la barre d’adresse du navigateur, puis réessayez.',
      absent: 'Branchez une webcam, puis réessayez.',
      busy: 'Fermez l’autre application qui l’utilise, puis réessayez.',
      failed: 'Débranchez et rebranchez la webcam, puis réessayez.',
    } as Record<CameraProblem, string>,
    {
      insecure: 'Browsers give the camera to secure pages only: use https, or http://localhost on the service’s own computer.',
      refused: 'Allow the camera in the browser’s address bar, then try again.',
      absent: 'Plug a webcam in, then try again.',
      busy: 'Close the other application that uses it, then try again.',
      failed: 'Unplug the webcam and plug it in again, then try again.',
    } as Record<CameraProblem, string>,
  ],
  cameraRest: ['Sans caméra, tout reste possible : lecteur USB, photo déposée ici, ou recherche par nom.', 'Everything works without: USB scanner, a photo dropped here, or search by name.'],
  photoPick: ['Photo…', 'Photo…'],
  photoHint: ['Déposez ou collez une photo ici', 'Drop or paste a photo here'],
  photoReading: ['Lecture de la photo…', 'Reading the photo…'],
  photoOf: ['Photo déposée', 'Dropped photo'],
  backToCamera: ['Revenir à la caméra', 'Back to the camera'],
  legendKnown: ['connu', 'known'],
  legendUnknown: ['inconnu', 'unknown'],
  legendNotOurs: ['pas à nous', 'not ours'],

  // Search
  search: ['Chercher un élève ou un numéro de série', 'Search a pupil or a serial number'],
  searchNone: ['Aucun élève ni ordinateur ne correspond.', 'No pupil and no laptop match.'],
  searchMore: [(count: number) => count > 1 ? `et ${number(count)} autres : précisez` : 'et un autre : précisez', (count: number) => `and ${number(count)} more: be more precise`],

  // Foot
  lastTitle: ['Dernières remises de ce poste', 'Last hand-overs of this desk'],
  lastNone: ['Aucune remise depuis ce poste pour l’instant.', 'No hand-over from this desk yet.'],
  undo: ['Annuler', 'Undo'],
  undoOf: [(serial: string, name: string) => `la remise de ${serial} à ${name}`, (serial: string, name: string) => `the hand-over of ${serial} to ${name}`],
  undoTitle: ['Annuler cette remise', 'Undo this hand-over'],
  undoDo: ['Annuler la remise', 'Undo the hand-over'],
  undoReasons: [['Mauvais ordinateur', 'Mauvais élève', 'Charte finalement absente'], ['Wrong laptop', 'Wrong pupil', 'Charter missing after all']],
  undoLeft: [(minutes: number) => `encore ${minutes} min`, (minutes: number) => `${minutes} min left`],
  nothingToUndo: ['Rien à annuler', 'Nothing to undo'],
  nothingToUndoSentence: ['Aucune remise de ce poste ne date de moins de 15 minutes.', 'No hand-over of this desk is less than 15 minutes old.'],
  isUndone: ['annulée', 'undone'],
  keyCharter: ['charte confirmée', 'charter confirmed'],
  keyClear: ['effacer', 'clear'],
  keyUndo: ['annuler la dernière', 'undo the last one'],
  keySearch: ['chercher', 'search'],

  // The other modes of the desk: what they share
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
  confirmKey: ['valider', 'confirm'],
  confirmWord: ['Valider', 'Confirm'],

  // Progress
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

  // Files
  importsTitle: ['Prendre en compte un fichier', 'Take a file in'],
  importsWhat: [
    'SIECLE (ElevesSansAdresses.xml, tel quel ou zippé) ou bon de livraison (CSV, XLSX). Rien n’est enregistré avant votre accord.',
    'SIECLE (ElevesSansAdresses.xml, plain or zipped) or a delivery note (CSV, XLSX). Nothing is recorded before you agree.',
  ],
  importsDrop: ['Déposez le fichier ici', 'Drop the file here'],
  importsPick: ['Choisir un fichier…', 'Choose a file…'],
  importsSending: ['Envoi', 'Sending'],
  importsReading: ['Lecture', 'Reading'],
  importsApplying: ['Enregistrement', 'Recording'],
  importsRows: [(rows: number) => several(rows, 'ligne', 'lignes'), (rows: number) => several(rows, 'row', 'rows')],
  importsKind: [
    { students: 'Élèves (SIECLE)', delivery: 'Bon de livraison' } as Record<string, string>,
    { students: 'Pupils (SIECLE)', delivery: 'Delivery note' } as Record<string, string>,
  ],
  importsState: [
    { reading: 'lecture', staged: 'à décider', applying: 'enregistrement', applied: 'enregistré', discarded: 'abandonné', refused: 'refusé' } as Record<string, string>,
    { reading: 'reading', staged: 'to decide', applying: 'recording', applied: 'recorded', discarded: 'discarded', refused: 'refused' } as Record<string, string>,
  ],
  importsCounts: [
    { read: 'lus', added: 'ajoutés', changed: 'modifiés', unchanged: 'inchangés', gone: 'disparus', refused: 'refusés', warnings: 'avertissements' } as Record<string, string>,
    { read: 'read', added: 'added', changed: 'changed', unchanged: 'unchanged', gone: 'gone', refused: 'refused', warnings: 'warnings' } as Record<string, string>,
  ],
  importsExported: [(at: string) => `Exporté le ${at}`, (at: string) => `Exported on ${at}`],
  importsChanges: ['Ce qui changerait', 'What would change'],
  importsChanged: ['Ce qui a changé', 'What has changed'],
  importsNoChange: ['Rien ne change : ce fichier est déjà pris en compte.', 'Nothing changes: this file was already taken in.'],
  importsManyGone: [(count: number) => `${number(count)} élèves ne sont plus dans ce fichier`, (count: number) => `${number(count)} pupils are no longer in this file`],
  importsManyGoneWhy: ['Vérifiez que l’export porte sur tout l’établissement. Ils seraient signalés comme disparus, jamais supprimés.', 'Check that the export is of the whole school. They would be flagged as gone, never deleted.'],
  importsNothing: ['Rien à enregistrer : toutes les lignes sont à revoir.', 'Nothing to record: every row is to be looked at.'],
  severity: ['Suite', 'Outcome'],
  severities: [{ error: 'ligne refusée', warning: 'avertissement' } as Record<string, string>, { error: 'row refused', warning: 'warning' } as Record<string, string>],
  importsIssues: [(count: number) => several(count, 'ligne à revoir', 'lignes à revoir'), (count: number) => several(count, 'row to look at', 'rows to look at')],
  importsNoIssue: ['Aucune anomalie.', 'Nothing wrong.'],
  importsIssuesNote: ['Les lignes refusées ne seront pas enregistrées. Corrigez-les à la source, puis déposez le fichier de nouveau.', 'Refused rows will not be recorded. Mend them at their source, then drop the file again.'],
  importsTooLarge: ['Fichier trop grand', 'File too large'],
  importsTooLargeWhy: ['Ce fichier dépasse 256 Mio.', 'This file is over 256 MiB.'],
  importsTooLargeRemedy: ['Déposez l’export zippé, tel que SIECLE le donne.', 'Drop the zipped export, as SIECLE gives it.'],
  importsApply: [(count: number) => `Enregistrer ${several(count, 'changement', 'changements')}`, (count: number) => `Record ${several(count, 'change', 'changes')}`],
  importsDiscard: ['Abandonner', 'Discard'],
  importsAnother: ['Autre fichier', 'Another file'],
  importsHistory: ['Derniers fichiers', 'Last files'],
  importsHistoryNone: ['Aucun fichier pour l’instant. Commencez par la liste des élèves, puis le bon de livraison.', 'No file yet. Start with the pupils, then the delivery note.'],
  importsApplied: ['Fichier enregistré', 'File recorded'],
  importsDiscarded: ['Fichier abandonné, rien n’a changé.', 'File discarded, nothing changed.'],
  row: ['Ligne', 'Row'],
  column: ['Colonne', 'Column'],
  read: ['Lu', 'Read'],
  wanted: ['Attendu', 'Expected'],
  explanation: ['Explication', 'Explanation'],
  filterRows: ['Filtrer', 'Filter'],
  who: ['Qui ou quoi', 'Who or what'],
  before: ['Avant', 'Before'],
  after: ['Après', 'After'],
  action: ['Action', 'Action'],
  actions: [
    { added: 'ajouté', changed: 'modifié', gone: 'disparu du fichier' } as Record<string, string>,
    { added: 'added', changed: 'changed', gone: 'gone from the file' } as Record<string, string>,
  ],
  file: ['Fichier', 'File'],
  kind: ['Nature', 'Kind'],
  state: ['État', 'State'],
  when: ['Quand', 'When'],
  open: ['Ouvrir', 'Open'],

  // Register
  registerTitle: ['Registre des remises', 'Register of hand-overs'],
  registerWhat: ['Qui détient quoi, tel que la Région le demande.', 'Who holds what, as the Région asks for it.'],
  allClasses: ['Toutes les classes', 'Every class'],
  from: ['Du', 'From'],
  to: ['Au', 'To'],
  stateAll: ['Toutes les remises', 'Every hand-over'],
  stateOpen: ['En cours', 'Open'],
  stateClosed: ['Closes', 'Closed'],
  downloadCsv: ['Télécharger en CSV', 'Download as CSV'],
  downloadXlsx: ['Télécharger en XLSX', 'Download as XLSX'],
  preview: ['Aperçu', 'Preview'],
  previewFirst: [(count: number) => `Les ${count} premières lignes`, (count: number) => `The first ${count} rows`],
  registerNone: ['Aucune remise pour ces critères.', 'No hand-over for these filters.'],
  headcount: ['Effectif', 'Headcount'],
  entitledAll: ['Élèves dotés', 'Entitled pupils'],
  delivered: ['Ordinateurs livrés', 'Laptops delivered'],
  handedOut: ['Remis', 'Handed out'],
  reserve: ['Réserve', 'Reserve'],

  // Prints
  printsTitle: ['Impressions', 'Prints'],
  printBadges: ['Badges des élèves', 'Pupils’ badges'],
  printBadgesWhat: ['Planches A4 de badges avec code-barres.', 'A4 sheets of badges with barcodes.'],
  printLabels: ['Étiquettes des ordinateurs', 'Laptop labels'],
  printLabelsWhat: ['Comme celles des fabricants sur A4, ou celles du lycée sur planche ou rouleau.', 'Like the makers’ on A4, or the school’s own on a sheet or a roll.'],
  printCharters: ['Chartes d’engagement', 'Charters'],
  printChartersWhat: ['Deux exemplaires par élève, chacun avec son code-barres.', 'Two copies a pupil, each with its barcode.'],
  printOpen: ['Ouvrir la planche', 'Open the sheet'],
  printSheets: ['Planches', 'Sheets'],
  printPaper: ['Papier', 'Paper'],
  printPlain: ['A4 ordinaire, à découper', 'Plain A4, to cut'],
  printMakers: ['A4 ordinaire, comme celles des fabricants', 'Plain A4, like the makers’'],
  printOwn: ['A4 ordinaire, étiquettes du lycée', 'Plain A4, the school’s labels'],
  printSkip: ['Étiquettes déjà utilisées', 'Labels already used'],
  printDelivery: ['Bon de livraison', 'Delivery note'],
  printAllLaptops: ['Tous les ordinateurs', 'All laptops'],
  printDocuments: ['Documents à signer', 'Papers to sign'],
  printSlips: ['Bon de SAV', 'Repair slip'],
  printSlipsWhat: ['Accompagne un lot d’ordinateurs chez le prestataire.', 'Goes with a batch of laptops to the contractor.'],
  printSlipsNone: ['Aucun lot de SAV. Ouvrez-en un quand des ordinateurs attendent une réparation.', 'No repair batch. Open one when laptops await repair.'],
  printTransfers: ['Certificats de cession', 'Certificates of transfer'],
  printTransfersWhat: ['Une page par élève, à signer par le chef d’établissement.', 'One page a pupil, for the head to sign.'],
  printTransfersNone: ['Aucune cession. Elles apparaissent ici en fin de scolarité.', 'No transfer yet. They appear here at the end of schooling.'],
  printDifferences: ['Écarts de livraison', 'Delivery differences'],
  printDifferencesWhat: ['Manquants, en trop, abîmés : à remettre au livreur.', 'Missing, extra, damaged: for the carrier.'],
  printDifferencesNone: ['Aucun bon de livraison. Importez-en un dans Fichiers.', 'No delivery note. Import one under Files.'],
  printStockTakes: ['Rapport d’inventaire', 'Stock-take report'],
  printStockTakesWhat: ['Ce qui a été vu, ce qui manque, salle par salle.', 'What was seen and what is missing, room by room.'],
  printStockTakesNone: ['Aucun inventaire. Le premier apparaîtra ici.', 'No stock-take. The first will appear here.'],
  printWhich: ['Lequel', 'Which'],
  printLaptops: [(count: number) => several(count, 'ordinateur', 'ordinateurs'), (count: number) => several(count, 'laptop', 'laptops')],
  printDocument: ['Ouvrir le document', 'Open the paper'],
  receipt: ['Reçu', 'Receipt'],
  receiptOf: [(serial: string, name: string) => `pour ${serial}, ${name} (nouvel onglet)`, (serial: string, name: string) => `for ${serial}, ${name} (new tab)`],
  receiptFind: ['Retrouver un reçu', 'Find a receipt'],
  receiptFindWhat: ['Tapez ou scannez le code imprimé sur le reçu : RM et dix signes.', 'Type or scan the code printed on the receipt: RM and ten characters.'],
  receiptCode: ['Code du reçu', 'Receipt code'],
  receiptShow: ['Chercher', 'Search'],
  receiptFound: [(code: string) => `Ouvrir ${code}`, (code: string) => `Open ${code}`],
  paperSettings: ['En-tête, logo et formats', 'Heading, logo and sizes'],
  paperSettingsWhat: ['Sur tous les documents du lycée.', 'On every paper of the school.'],
  paperHeader: ['Sous le nom du lycée', 'Below the school’s name'],
  paperHeaderHint: ['Adresse, téléphone…', 'Address, telephone…'],
  paperFooter: ['Pied de page', 'Foot of the page'],
  paperReceiptText: ['Texte des reçus', 'Text of receipts'],
  paperReceiptHint: ['Au-dessus des signatures : consignes, contact…', 'Above the signatures: instructions, contact…'],
  paperReceiptSize: ['Format des reçus', 'Size of receipts'],
  paperA6: ['A6 (105 × 148 mm)', 'A6 (105 × 148 mm)'],
  paperA4: ['A4 (210 × 297 mm)', 'A4 (210 × 297 mm)'],
  paperLabelSheet: ['Planche d’étiquettes habituelle', 'Usual label sheet'],
  paperLogo: ['Logo (PNG ou JPEG, 512 Kio au plus)', 'Logo (PNG or JPEG, 512 KiB at most)'],
  paperLogoShown: ['Logo actuel', 'Present logo'],
  paperLogoRemove: ['Retirer le logo', 'Remove the logo'],
  paperSave: ['Enregistrer', 'Save'],
  paperSaved: ['Réglages enregistrés.', 'Settings saved.'],
  paperUnsaved: ['Modifications non enregistrées.', 'Unsaved changes.'],
  paperPreview: ['Aperçu d’un reçu', 'Preview of a receipt'],
});

const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
const school = { timeZone: 'Europe/Paris' } as const;
const dayFormat = new Intl.DateTimeFormat(locale, { ...school, day: '2-digit', month: '2-digit', year: 'numeric' });
const timeFormat = new Intl.DateTimeFormat(locale, { ...school, hour: '2-digit', minute: '2-digit' });
const numberFormat = new Intl.NumberFormat(locale);

/** `03/09/2026`. */
export const day = (at: string) => dayFormat.format(new Date(at));

/** `10:42`. */
export const time = (at: string) => timeFormat.format(new Date(at));

/** `03/09/2026 à 10:42`. */
export const moment = (at: string) => `${day(at)} ${language === 'fr' ? 'à' : 'at'} ${time(at)}`;

export function number(value: number): string {
  return numberFormat.format(value);
}

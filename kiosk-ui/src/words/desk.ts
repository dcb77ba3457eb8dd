// Words of the mode Remise: French, and English beside it.
import type { Remark } from '../flow/desk';
import { number } from './format';
import { words } from './language';

export const desk = words({
  // What is expected
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
});

// Words of describing an unknown table, and of the ENT's accounts: French, and English beside it.
import { number } from './format';
import { words } from './language';

export const mapping = words({
  title: [(name: string) => `Décrire les colonnes de ${name}`, (name: string) => `Describe the columns of ${name}`],
  what: ['Ce tableau n’est d’aucun logiciel connu. Dites ce qu’il contient : la réponse resservira pour les fichiers de même présentation.', 'No known software writes this table. Say what is in it: the answer serves again for files of the same layout.'],
  kind: ['C’est une liste de', 'It is a list of'],
  kindNone: ['Choisir…', 'Choose…'],
  sheet: ['Feuille', 'Sheet'],
  titlesAt: [(row: number) => (row > 0 ? `titres à la ligne ${number(row)}` : 'sans ligne de titres'), (row: number) => (row > 0 ? `titles on row ${number(row)}` : 'without titles')],
  ours: ['Notre champ', 'Our field'],
  theirs: ['Leur colonne', 'Their column'],
  examples: ['Exemples', 'Examples'],
  needed: ['obligatoire', 'needed'],
  oneOf: ['l’un de ceux-ci', 'one of these'],
  none: ['Aucune', 'None'],
  columnNo: [(place: number) => `Colonne ${place}`, (place: number) => `Column ${place}`],
  remembered: ['Présentation déjà décrite', 'Layout described before'],
  rememberedWhat: ['Les réponses de la dernière fois sont reprises. Vérifiez, puis continuez.', 'The answers of last time are taken over. Check, then go on.'],
  startAnew: ['Repartir de zéro', 'Start anew'],
  preview: ['Ce que nous lirions', 'What we would read'],
  previewNote: ['Premières valeurs différentes de chaque champ.', 'First different values of each field.'],
  previewNone: ['Choisissez la nature de la liste, puis les colonnes.', 'Choose the kind of list, then the columns.'],
  unused: [(columns: string) => `Colonnes laissées de côté : ${columns}.`, (columns: string) => `Columns left aside: ${columns}.`],
  missing: [(fields: string) => `Il manque : ${fields}.`, (fields: string) => `Missing: ${fields}.`],
  missingOne: [(fields: string) => `Il faut l’un de : ${fields}.`, (fields: string) => `One is needed of: ${fields}.`],
  ready: ['Tous les champs obligatoires ont leur colonne.', 'Each needed field has its column.'],
  go: ['Lire ce tableau', 'Read this table'],

  accountsTitle: ['Comptes de l’ENT', 'ENT accounts'],
  accountsWhat: [
    'Ce fichier contient des mots de passe. Il est seulement affiché et imprimé, en fiches à remettre aux élèves : rien n’en est gardé, et tout disparaît quand la fenêtre des fiches se ferme.',
    'This file holds passwords. It is shown and printed only, as slips for the pupils: none of it is kept, and all is gone when the window of the slips is closed.',
  ],
  accountsPrint: ['Imprimer les fiches', 'Print the slips'],
  accountsMaking: ['Préparation des fiches…', 'Making the slips…'],
  accountsOpened: ['Les fiches sont ouvertes dans une autre fenêtre. Fermez-la après l’impression.', 'The slips are open in another window. Close it after printing.'],
  accountsBlocked: ['Fenêtre bloquée', 'Window blocked'],
  accountsBlockedWhy: ['Le navigateur a empêché l’ouverture des fiches.', 'The browser kept the slips from opening.'],
  accountsBlockedRemedy: ['Autorisez les fenêtres de cette adresse, puis recommencez.', 'Allow windows of this address, then try again.'],
});

// Words of log-in and the name of the desk: French, and English beside it.
import { words } from './language';

export const login = words({
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
});

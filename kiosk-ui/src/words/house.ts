// Words of what every screen shares: French, and English beside it.
import { words } from './language';

export const house = words({
  modeHandOver: ['Remise', 'Hand-over'],
  modeImports: ['Fichiers', 'Files'],
  modeData: ['Données', 'Data'],
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
});

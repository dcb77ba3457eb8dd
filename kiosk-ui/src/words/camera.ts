// Words of the camera and what it reads: French, and English beside it.
import type { CameraProblem } from '../scanning/camera';
import type { Focus } from '../scanning/controls';
import type { Place } from '../scanning/engine';
import { words } from './language';

export const camera = words({
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
});

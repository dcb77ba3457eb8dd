// Files that tests drop on the page: a delivery note, pupils, a table of nobody's, accounts, a folder's zip.
import { crc32 } from 'node:zlib';
import type { Desk } from './desk';

export interface Given {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const NOTE_COLUMNS = 'N° commande;N° BL;Date livraison prévue;UAI;Référence produit (P/N);Désignation;N° de série (S/N);Adresse MAC Wi-Fi;Lot';

const noteLine = (note: string, uai: string, serial: string) => `CDE-${note};BL${note};25/11/2026;${uai};9ZZ98EA#ABF;HP ProBook x360 11 G7 EE;${serial};;2026-VAGUE2`;

/** The contractor's delivery note `BL<note>.csv` of the test's school, with these serial numbers. */
export function deliveryNote(note: string, serials: readonly string[], others: readonly string[] = []): Given {
  const lines = serials.map((serial) => noteLine(note, '0579999J', serial));
  const strange = others.map((uai, place) => noteLine(note, uai, `5CD699ZZ${10 + place}`));
  return { name: `BL${note}.csv`, mimeType: 'text/csv', buffer: Buffer.from([NOTE_COLUMNS, ...lines, ...strange, ''].join('\r\n'), 'utf8') };
}

export interface Pupil {
  id: string;
  last: string;
  first: string;
  born: string;
}

/** SIECLE's list of pupils, all in 2GT1. */
export function pupils(exported: string, list: readonly Pupil[]): Given {
  const each = (text: (pupil: Pupil) => string) => list.map(text).join('');
  const xml = `<?xml version="1.0" encoding="ISO-8859-15"?><BEE_ELEVES VERSION="3.0"><PARAMETRES><UAJ>0579999J</UAJ>
    <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE><DATE_EXPORT>${exported}</DATE_EXPORT><HORODATAGE>${exported} 07:42:10</HORODATAGE></PARAMETRES><DONNEES><ELEVES>
    ${each(({ id, last, first, born }) => `<ELEVE ELEVE_ID="${id}"><NOM_DE_FAMILLE>${last}</NOM_DE_FAMILLE><PRENOM>${first}</PRENOM><DATE_NAISS>${born}</DATE_NAISS>
      <CODE_STATUT>ST</CODE_STATUT><CODE_MEF>20010018110</CODE_MEF></ELEVE>`)}</ELEVES><STRUCTURES>
    ${each(({ id }) => `<STRUCTURES_ELEVE ELEVE_ID="${id}"><STRUCTURE><CODE_STRUCTURE>2GT1</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>`)}
    </STRUCTURES></DONNEES></BEE_ELEVES>`;
  return { name: 'ElevesSansAdresses.xml', mimeType: 'text/xml', buffer: Buffer.from(xml, 'latin1') };
}

export function table(name: string, rows: readonly (readonly string[])[]): Given {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(rows.map((row) => row.join(';')).join('\r\n') + '\r\n', 'utf8') };
}

/** A zip of several files, as they are. */
export function folder(name: string, files: readonly Given[]): Given {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const file of files) {
    const path = Buffer.from(file.name, 'utf8');
    const fields = Buffer.alloc(26);
    // Version 2.0, names in UTF-8, stored, no time.
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x0800, 2);
    fields.writeUInt32LE(crc32(file.buffer), 10);
    fields.writeUInt32LE(file.buffer.length, 14);
    fields.writeUInt32LE(file.buffer.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, path, file.buffer]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, rest, path]));
    parts.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(at, 16);
  return { name, mimeType: 'application/zip', buffer: Buffer.concat([...parts, entries, end]) };
}

/** Chooses files, as by the button. */
export async function choose(desk: Desk, ...files: Given[]): Promise<void> {
  await desk.page.locator('input[type=file]').setInputFiles(files);
}

/** Drags files from outside onto the place for them. */
export async function drag(desk: Desk, ...files: Given[]): Promise<void> {
  const sent = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  const dragged = await desk.page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, base64 } of list) {
      transfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type: mimeType }));
    }
    return transfer;
  }, sent);
  const place = desk.page.getByRole('region', { name: 'Déposez les fichiers ici' });
  await place.dispatchEvent('dragover', { dataTransfer: dragged });
  await place.dispatchEvent('drop', { dataTransfer: dragged });
}

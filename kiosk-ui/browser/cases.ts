// What `remise demo seed --json` tells of the demo school.

export interface PupilCodes {
  name: string;
  class: string | null;
  badge: string | null;
  /** Barcodes of the two copies. */
  charter: string[];
}

export interface LaptopCodes {
  maker: string;
  serial: string;
  /** What the label's barcode says. */
  label: string;
  part_number: string;
  mac: string;
}

export interface Pair {
  pupil: PupilCodes & { badge: string };
  laptop: LaptopCodes;
}

export interface Cases {
  ready: Pair[];
  charter_on_file: Pair[];
  half_charter: PupilCodes[];
  equipped: Pair[];
  without_badge: PupilCodes[];
  left: PupilCodes[];
  not_entitled: PupilCodes[];
  namesakes: PupilCodes[];
  reserve: LaptopCodes[];
  in_repair: LaptopCodes[];
}

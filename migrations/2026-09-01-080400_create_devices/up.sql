CREATE TABLE device_models (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    manufacturer text NOT NULL,
    part_number text NOT NULL,
    designation text NOT NULL,
    CONSTRAINT part_number_is_unique UNIQUE (establishment_id, part_number),
    CONSTRAINT device_model_of_school UNIQUE (establishment_id, id)
);
COMMENT ON TABLE device_models IS 'Models of laptop, known by the maker''s part number.';

CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    note_number text NOT NULL,
    order_number text,
    delivered_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT note_number_is_unique UNIQUE (establishment_id, note_number),
    CONSTRAINT delivery_of_school UNIQUE (establishment_id, id)
);
COMMENT ON TABLE deliveries IS 'Delivery notes (bons de livraison) of the contractor.';

CREATE TABLE devices (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    serial_number text NOT NULL,
    model_id uuid NOT NULL,
    delivery_id uuid,
    mac_address text,
    asset_tag text,
    lot text,
    pallet text,
    parcel text,
    warranty_end date,
    state text NOT NULL CONSTRAINT device_state_is_known CHECK (state IN (
        'announced', 'in_stock', 'reserve', 'lent', 'awaiting_repair', 'in_repair',
        'lost', 'stolen', 'scrapped', 'transferred')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT serial_number_is_unique UNIQUE (establishment_id, serial_number),
    CONSTRAINT device_of_school UNIQUE (establishment_id, id),
    CONSTRAINT device_model FOREIGN KEY (establishment_id, model_id) REFERENCES device_models (establishment_id, id),
    CONSTRAINT device_delivery FOREIGN KEY (establishment_id, delivery_id) REFERENCES deliveries (establishment_id, id)
);
COMMENT ON TABLE devices IS 'Laptops, one serial number each.';
CREATE INDEX devices_by_delivery ON devices (delivery_id);
CREATE INDEX devices_by_mac ON devices (establishment_id, mac_address) WHERE mac_address IS NOT NULL;

CALL remise_guard('device_models');
CALL remise_guard('deliveries');
CALL remise_guard('devices');

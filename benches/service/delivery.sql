-- A delivery of {count} announced laptops. Run with remise.scope set to the school.
INSERT INTO deliveries (id, establishment_id, note_number) VALUES ('{delivery}', '{school}', 'BL{round}');
INSERT INTO devices (id, establishment_id, serial_number, model_id, delivery_id, state)
SELECT gen_random_uuid(), '{school}', 'BL{round}X' || lpad(n::text, 5, '0'), m.id, '{delivery}', 'announced'
FROM generate_series(0, {count} - 1) n JOIN device_models m ON m.establishment_id = '{school}' AND m.part_number = '9ZZ99EA#ABF';

-- {count} pupils from number {first} on who hold their laptop, and a spare for each. Run with
-- remise.scope set to the school, which has an operator, a station and a campaign.
INSERT INTO stations (id, establishment_id, name) VALUES (gen_random_uuid(), '{school}', 'Poste 0') ON CONFLICT DO NOTHING;
INSERT INTO charter_receipts (id, establishment_id, student_id, charter_id, copies_shown, copies_kept, method)
SELECT ('00000000-0000-0000-0000-' || lpad(to_hex(2415919104 + n), 12, '0'))::uuid, '{school}',
       ('00000000-0000-0000-0000-' || lpad(to_hex(1342177280 + {first} + n), 12, '0'))::uuid, k.charter_id, 2, 1, 'intake'
FROM generate_series(0, {count} - 1) n JOIN campaigns k ON k.establishment_id = '{school}' AND k.is_current;
INSERT INTO loans (id, establishment_id, campaign_id, student_id, device_id, kind, opened_by, opened_at_station,
                   charter_receipt_id, device_state_before, kit)
SELECT ('00000000-0000-0000-0000-' || lpad(to_hex(1879048192 + n), 12, '0'))::uuid, '{school}', k.id,
       ('00000000-0000-0000-0000-' || lpad(to_hex(1342177280 + {first} + n), 12, '0'))::uuid,
       ('00000000-0000-0000-0000-' || lpad(to_hex(3489660928 + {first} + n), 12, '0'))::uuid, 'allocation', o.id, t.id,
       ('00000000-0000-0000-0000-' || lpad(to_hex(2415919104 + n), 12, '0'))::uuid, 'in_stock', '{Chargeur,Housse}'
FROM generate_series(0, {count} - 1) n
JOIN campaigns k ON k.establishment_id = '{school}' AND k.is_current
JOIN (SELECT id FROM operators WHERE establishment_id = '{school}' ORDER BY name LIMIT 1) o ON true
JOIN (SELECT id FROM stations WHERE establishment_id = '{school}' ORDER BY name LIMIT 1) t ON true;
UPDATE devices SET state = 'lent'
WHERE id BETWEEN ('00000000-0000-0000-0000-' || lpad(to_hex(3489660928 + {first}), 12, '0'))::uuid
             AND ('00000000-0000-0000-0000-' || lpad(to_hex(3489660928 + {first} + {count} - 1), 12, '0'))::uuid;
INSERT INTO devices (id, establishment_id, serial_number, model_id, state)
SELECT ('00000000-0000-0000-0000-' || lpad(to_hex(2952790016 + n), 12, '0'))::uuid, '{school}',
       'SPARE' || lpad(n::text, 8, '0'), m.id, 'reserve'
FROM generate_series(0, {count} - 1) n JOIN device_models m ON m.establishment_id = '{school}' AND m.part_number = '9ZZ99EA#ABF';
ANALYZE loans; ANALYZE devices; ANALYZE charter_receipts;

DROP TRIGGER loans_have_their_laptop_lent ON loans;
DROP TRIGGER new_lent_laptops_have_a_loan ON devices;
DROP TRIGGER lent_laptops_have_a_loan ON devices;
DROP FUNCTION remise_check_custody_of_loan();
DROP FUNCTION remise_check_custody_of_device();
DROP FUNCTION remise_check_custody(uuid);
DROP TRIGGER device_move_is_known ON devices;
DROP FUNCTION remise_check_move();
DROP TABLE device_moves;
ALTER TABLE devices
    DROP CONSTRAINT device_state_is_known,
    ADD CONSTRAINT device_state_is_known CHECK (state IN (
        'announced', 'in_stock', 'reserve', 'lent', 'awaiting_repair', 'in_repair',
        'lost', 'stolen', 'scrapped', 'transferred'));

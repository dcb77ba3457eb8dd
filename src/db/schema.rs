//! The tables as diesel sees them. Written from the database by `UPDATE_SCHEMA=1 cargo test schema`;
//! a test compares the two.

diesel::table! {
    act_devices (act_id, device_id) {
        act_id -> Uuid,
        establishment_id -> Uuid,
        device_id -> Uuid,
        move_name -> Text,
        state_before -> Text,
        state_after -> Text,
    }
}

diesel::table! {
    act_loans (act_id, loan_id) {
        act_id -> Uuid,
        establishment_id -> Uuid,
        loan_id -> Uuid,
        effect -> Text,
    }
}

diesel::table! {
    acts (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        kind -> Text,
        done_at -> Timestamptz,
        done_by -> Uuid,
        station_id -> Uuid,
        student_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        details -> Jsonb,
        undone_at -> Nullable<Timestamptz>,
        undone_by -> Nullable<Uuid>,
        undo_reason -> Nullable<Text>,
        receipt_end -> Text,
    }
}

diesel::table! {
    answers (establishment_id, request_id) {
        establishment_id -> Uuid,
        request_id -> Uuid,
        action -> Text,
        fingerprint -> Binary,
        refused -> Bool,
        body -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    badges (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        student_id -> Uuid,
        code -> Text,
        source -> Text,
        created_at -> Timestamptz,
        forgotten_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    campaign_slots (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        campaign_id -> Uuid,
        class_id -> Nullable<Uuid>,
        student_id -> Nullable<Uuid>,
        starts_at -> Timestamptz,
        minutes -> Int4,
        room -> Text,
    }
}

diesel::table! {
    campaign_staff (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        campaign_id -> Uuid,
        name -> Text,
        duty -> Text,
    }
}

diesel::table! {
    campaigns (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        school_year -> Int4,
        name -> Text,
        charter_id -> Uuid,
        kit -> Array<Text>,
        is_current -> Bool,
        created_at -> Timestamptz,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        room -> Text,
        connection -> Nullable<Text>,
        sheet_due_on -> Nullable<Date>,
        referent_name -> Text,
        referent_phone -> Text,
        referent_email -> Text,
        notes -> Text,
        called_slot_id -> Nullable<Uuid>,
        called_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    charter_receipts (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        student_id -> Uuid,
        charter_id -> Uuid,
        copies_shown -> Int2,
        copies_kept -> Int2,
        signatory -> Nullable<Text>,
        method -> Text,
        station_id -> Nullable<Uuid>,
        operator_id -> Nullable<Uuid>,
        received_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
        replaces -> Nullable<Uuid>,
        signatory_kind -> Nullable<Text>,
        withdrawn_by -> Nullable<Uuid>,
        withdrawal_reason -> Nullable<Text>,
    }
}

diesel::table! {
    charter_sheets (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        student_id -> Uuid,
        charter_id -> Uuid,
        code -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    charters (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        version -> Text,
        title -> Text,
        body -> Text,
        content_hash -> Binary,
        published_at -> Timestamptz,
        pdf -> Nullable<Binary>,
        published_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    classes (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        school_year -> Int4,
        code -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        note_number -> Text,
        order_number -> Nullable<Text>,
        delivered_on -> Nullable<Date>,
        created_at -> Timestamptz,
        checked_at -> Nullable<Timestamptz>,
        checked_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    device_models (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        manufacturer -> Text,
        part_number -> Text,
        designation -> Text,
    }
}

diesel::table! {
    device_moves (from_state, to_state, name) {
        name -> Text,
        from_state -> Text,
        to_state -> Text,
    }
}

diesel::table! {
    device_words (establishment_id, word, device_id) {
        establishment_id -> Uuid,
        word -> Text,
        device_id -> Uuid,
    }
}

diesel::table! {
    devices (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        serial_number -> Text,
        model_id -> Uuid,
        delivery_id -> Nullable<Uuid>,
        mac_address -> Nullable<Text>,
        asset_tag -> Nullable<Text>,
        lot -> Nullable<Text>,
        pallet -> Nullable<Text>,
        parcel -> Nullable<Text>,
        warranty_end -> Nullable<Date>,
        state -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    emergency_budgets (establishment_id, budget_year) {
        establishment_id -> Uuid,
        budget_year -> Int4,
        amount_cents -> Int8,
    }
}

diesel::table! {
    emergency_grants (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        student_id -> Uuid,
        incident_id -> Uuid,
        requested_at -> Timestamptz,
        requested_by -> Uuid,
        request_reason -> Text,
        decision -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<Uuid>,
        decision_reason -> Nullable<Text>,
        budget_year -> Nullable<Int4>,
        amount_cents -> Nullable<Int8>,
        used_by_loan -> Nullable<Uuid>,
    }
}

diesel::table! {
    entitlement_rules (establishment_id, school_year, prefix) {
        establishment_id -> Uuid,
        school_year -> Int4,
        prefix -> Text,
        public -> Text,
        entitled -> Bool,
    }
}

diesel::table! {
    establishments (id) {
        id -> Uuid,
        uai -> Text,
        name -> Text,
        created_at -> Timestamptz,
        answers_kept_days -> Int2,
        import_days -> Int2,
    }
}

diesel::table! {
    export_presets (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        name -> Text,
        layout -> Jsonb,
        changed_at -> Timestamptz,
        changed_by -> Nullable<Uuid>,
        is_default -> Bool,
    }
}

diesel::table! {
    guardians (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        student_id -> Uuid,
        last_name -> Text,
        first_name -> Text,
        relationship -> Text,
        is_legal -> Bool,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        created_at -> Timestamptz,
        person_id -> Nullable<Text>,
        level -> Nullable<Int2>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    guest_accounts (campaign_id, position) {
        establishment_id -> Uuid,
        campaign_id -> Uuid,
        position -> Int2,
        login -> Text,
        holder -> Text,
    }
}

diesel::table! {
    import_effects (import_id, thing, row_key) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        thing -> Text,
        row_key -> Text,
        effect -> Text,
        before -> Nullable<Jsonb>,
    }
}

diesel::table! {
    import_issues (import_id, position) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        position -> Int4,
        row_number -> Nullable<Int4>,
        column_name -> Nullable<Text>,
        code -> Text,
        severity -> Text,
        read_value -> Nullable<Text>,
        expected -> Text,
        message -> Text,
    }
}

diesel::table! {
    import_layouts (establishment_id, fingerprint) {
        establishment_id -> Uuid,
        fingerprint -> Text,
        layout -> Jsonb,
        used_at -> Timestamptz,
    }
}

diesel::table! {
    imports (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        kind -> Nullable<Text>,
        file_name -> Text,
        file_sha256 -> Binary,
        school_year -> Nullable<Int4>,
        exported_at -> Nullable<Timestamp>,
        state -> Text,
        refusal -> Nullable<Jsonb>,
        counts -> Jsonb,
        created_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
        applied_at -> Nullable<Timestamptz>,
        applied_by -> Nullable<Uuid>,
        bytes_total -> Int8,
        bytes_read -> Int8,
        rows_read -> Int8,
        changes -> Jsonb,
        touched_at -> Timestamptz,
        complete -> Bool,
        as_of -> Nullable<Date>,
        undone_at -> Nullable<Timestamptz>,
        undone_by -> Nullable<Uuid>,
        undo_reason -> Nullable<Text>,
    }
}

diesel::table! {
    incident_photos (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        incident_id -> Uuid,
        media_type -> Text,
        content -> Binary,
        taken_at -> Timestamptz,
    }
}

diesel::table! {
    incident_policies (establishment_id, incident) {
        establishment_id -> Uuid,
        incident -> Text,
        replacement -> Text,
        needs_complaint -> Bool,
        changed_at -> Timestamptz,
        changed_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    incidents (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        kind -> Text,
        device_id -> Uuid,
        student_id -> Nullable<Uuid>,
        loan_id -> Nullable<Uuid>,
        act_id -> Uuid,
        symptoms -> Array<Text>,
        description -> Text,
        complaint_number -> Nullable<Text>,
        reported_at -> Timestamptz,
        reported_by -> Uuid,
        cancelled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    journal (id) {
        id -> Int8,
        establishment_id -> Uuid,
        at -> Timestamptz,
        desk_at -> Nullable<Timestamptz>,
        operator_id -> Nullable<Uuid>,
        station_id -> Nullable<Uuid>,
        action -> Text,
        student_id -> Nullable<Uuid>,
        device_id -> Nullable<Uuid>,
        loan_id -> Nullable<Uuid>,
        details -> Jsonb,
    }
}

diesel::table! {
    journal_heads (establishment_id) {
        establishment_id -> Uuid,
        position -> Int8,
        hash -> Binary,
        sealed_at -> Timestamptz,
    }
}

diesel::table! {
    journal_queue (journal_id) {
        journal_id -> Int8,
        establishment_id -> Uuid,
    }
}

diesel::table! {
    journal_seals (establishment_id, position) {
        establishment_id -> Uuid,
        position -> Int8,
        journal_id -> Int8,
        hash -> Binary,
        sealed_at -> Timestamptz,
    }
}

diesel::table! {
    loans (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        campaign_id -> Uuid,
        student_id -> Uuid,
        device_id -> Uuid,
        kind -> Text,
        opened_at -> Timestamptz,
        opened_by -> Uuid,
        opened_at_station -> Uuid,
        due_on -> Nullable<Date>,
        charter_receipt_id -> Nullable<Uuid>,
        charter_override_reason -> Nullable<Text>,
        device_state_before -> Text,
        kit -> Array<Text>,
        closed_at -> Nullable<Timestamptz>,
        close_kind -> Nullable<Text>,
        close_reason -> Nullable<Text>,
        closed_by -> Nullable<Uuid>,
        purpose -> Nullable<Text>,
        replaces -> Nullable<Uuid>,
        incident_id -> Nullable<Uuid>,
        grant_id -> Nullable<Uuid>,
        extended -> Int2,
        closed_at_station -> Nullable<Uuid>,
        receipt_end -> Text,
    }
}

diesel::table! {
    login_attempts (key) {
        key -> Binary,
        failures -> Int4,
        last_at -> Timestamptz,
    }
}

diesel::table! {
    operators (id) {
        id -> Uuid,
        establishment_id -> Nullable<Uuid>,
        name -> Text,
        role -> Text,
        password_hash -> Text,
        disabled_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    print_settings (establishment_id) {
        establishment_id -> Uuid,
        header -> Text,
        footer -> Text,
        receipt_text -> Text,
        logo -> Nullable<Binary>,
        logo_type -> Nullable<Text>,
        label_sheet -> Text,
        receipt_size -> Text,
        changed_at -> Timestamptz,
        changed_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    reception_scans (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        delivery_id -> Uuid,
        serial_number -> Text,
        device_id -> Nullable<Uuid>,
        verdict -> Text,
        act_id -> Nullable<Uuid>,
        note -> Text,
        other_school -> Nullable<Text>,
        scanned_at -> Timestamptz,
        operator_id -> Uuid,
        station_id -> Uuid,
        taken_back_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    reference_rows (establishment_id, thing, key) {
        establishment_id -> Uuid,
        thing -> Text,
        key -> Text,
        realm -> Text,
        label -> Text,
        fields -> Jsonb,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    register_exports (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        number -> Int4,
        kind -> Text,
        format -> Text,
        preset_id -> Nullable<Uuid>,
        after_position -> Int8,
        up_to_position -> Int8,
        rows -> Int4,
        totals -> Jsonb,
        sha256 -> Binary,
        made_at -> Timestamptz,
        made_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    repair_batches (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        number -> Int4,
        contractor -> Text,
        opened_at -> Timestamptz,
        opened_by -> Uuid,
        sent_at -> Nullable<Timestamptz>,
        sent_by -> Nullable<Uuid>,
        expected_back_on -> Nullable<Date>,
        note -> Text,
        receipt_end -> Text,
    }
}

diesel::table! {
    repairs (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        device_id -> Uuid,
        incident_id -> Nullable<Uuid>,
        batch_id -> Nullable<Uuid>,
        opened_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        diagnosis -> Text,
        under_warranty -> Nullable<Bool>,
        cost_cents -> Nullable<Int8>,
    }
}

diesel::table! {
    return_checks (act_id) {
        act_id -> Uuid,
        establishment_id -> Uuid,
        loan_id -> Uuid,
        damaged -> Array<Text>,
        missing -> Array<Text>,
        note -> Text,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Binary,
        operator_id -> Uuid,
        establishment_id -> Nullable<Uuid>,
        station_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    staged_badges (import_id, row_number) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        row_number -> Int4,
        code -> Text,
        student -> Text,
        student_key -> Text,
        birth_date -> Nullable<Date>,
        class_code -> Nullable<Text>,
        student_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    staged_devices (import_id, serial_number) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        row_number -> Int4,
        serial_number -> Text,
        manufacturer -> Text,
        part_number -> Text,
        designation -> Text,
        mac_address -> Nullable<Text>,
        asset_tag -> Nullable<Text>,
        lot -> Nullable<Text>,
        pallet -> Nullable<Text>,
        parcel -> Nullable<Text>,
        order_number -> Nullable<Text>,
        note_number -> Text,
        delivered_on -> Nullable<Date>,
        warranty_end -> Nullable<Date>,
    }
}

diesel::table! {
    staged_guardian_links (import_id, row_number) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        row_number -> Int4,
        eleve_id -> Text,
        person_id -> Text,
        level -> Int2,
        relationship -> Text,
    }
}

diesel::table! {
    staged_guardians (import_id, row_number) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        row_number -> Int4,
        person_id -> Text,
        last_name -> Text,
        first_name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    staged_references (import_id, position) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        position -> Int4,
        row_number -> Int4,
        thing -> Text,
        key -> Text,
        realm -> Text,
        label -> Text,
        fields -> Jsonb,
    }
}

diesel::table! {
    staged_structures (import_id, position) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        position -> Int4,
        eleve_id -> Text,
        code -> Text,
        division -> Bool,
    }
}

diesel::table! {
    staged_students (import_id, row_number) {
        import_id -> Uuid,
        establishment_id -> Uuid,
        row_number -> Int4,
        eleve_id -> Nullable<Text>,
        ine -> Nullable<Text>,
        last_name -> Text,
        first_name -> Text,
        birth_date -> Nullable<Date>,
        class_code -> Nullable<Text>,
        mef -> Nullable<Text>,
        entitled -> Bool,
        left_on -> Nullable<Date>,
        search_key -> Text,
        entitled_by_group -> Bool,
        removed -> Bool,
        student_id -> Nullable<Uuid>,
        found_by -> Nullable<Text>,
        is_same -> Nullable<Bool>,
    }
}

diesel::table! {
    stations (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    stock_take_scans (stock_take_id, serial_number) {
        stock_take_id -> Uuid,
        establishment_id -> Uuid,
        serial_number -> Text,
        device_id -> Nullable<Uuid>,
        state_found -> Nullable<Text>,
        room -> Text,
        scanned_at -> Timestamptz,
        operator_id -> Uuid,
        station_id -> Uuid,
    }
}

diesel::table! {
    stock_takes (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        number -> Int4,
        name -> Text,
        opened_at -> Timestamptz,
        opened_by -> Uuid,
        closed_at -> Nullable<Timestamptz>,
        closed_by -> Nullable<Uuid>,
        report -> Nullable<Jsonb>,
    }
}

diesel::table! {
    student_facts (student_id) {
        student_id -> Uuid,
        establishment_id -> Uuid,
        facts -> Int2,
        search_key -> Text,
    }
}

diesel::table! {
    student_words (establishment_id, word, student_id) {
        establishment_id -> Uuid,
        word -> Text,
        student_id -> Uuid,
    }
}

diesel::table! {
    students (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        eleve_id -> Nullable<Text>,
        ine -> Nullable<Text>,
        last_name -> Text,
        first_name -> Text,
        birth_date -> Nullable<Date>,
        class_id -> Nullable<Uuid>,
        mef -> Nullable<Text>,
        entitled -> Bool,
        entitlement_override -> Nullable<Bool>,
        entitlement_override_reason -> Nullable<Text>,
        left_on -> Nullable<Date>,
        missing_since -> Nullable<Timestamptz>,
        search_key -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        entitled_by_group -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    act_devices,
    act_loans,
    acts,
    answers,
    badges,
    campaign_slots,
    campaign_staff,
    campaigns,
    charter_receipts,
    charter_sheets,
    charters,
    classes,
    deliveries,
    device_models,
    device_moves,
    device_words,
    devices,
    emergency_budgets,
    emergency_grants,
    entitlement_rules,
    establishments,
    export_presets,
    guardians,
    guest_accounts,
    import_effects,
    import_issues,
    import_layouts,
    imports,
    incident_photos,
    incident_policies,
    incidents,
    journal,
    journal_heads,
    journal_queue,
    journal_seals,
    loans,
    login_attempts,
    operators,
    print_settings,
    reception_scans,
    reference_rows,
    register_exports,
    repair_batches,
    repairs,
    return_checks,
    sessions,
    staged_badges,
    staged_devices,
    staged_guardian_links,
    staged_guardians,
    staged_references,
    staged_structures,
    staged_students,
    stations,
    stock_take_scans,
    stock_takes,
    student_facts,
    student_words,
    students,
);

diesel::joinable!(sessions -> operators (operator_id));

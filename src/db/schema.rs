//! The tables as diesel sees them. Written from the database by `UPDATE_SCHEMA=1 cargo test schema`;
//! a test compares the two.

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
    campaigns (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        school_year -> Int4,
        name -> Text,
        charter_id -> Uuid,
        kit -> Array<Text>,
        is_current -> Bool,
        created_at -> Timestamptz,
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
    establishments (id) {
        id -> Uuid,
        uai -> Text,
        name -> Text,
        created_at -> Timestamptz,
        answers_kept_days -> Int2,
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
        eleve_id -> Text,
        ine -> Nullable<Text>,
        last_name -> Text,
        first_name -> Text,
        birth_date -> Nullable<Date>,
        class_code -> Nullable<Text>,
        mef -> Nullable<Text>,
        entitled -> Bool,
        left_on -> Nullable<Date>,
        search_key -> Text,
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
    students (id) {
        id -> Uuid,
        establishment_id -> Uuid,
        eleve_id -> Text,
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
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    answers,
    badges,
    campaigns,
    charter_receipts,
    charter_sheets,
    charters,
    classes,
    deliveries,
    device_models,
    devices,
    establishments,
    import_issues,
    imports,
    journal,
    journal_heads,
    journal_queue,
    journal_seals,
    loans,
    login_attempts,
    operators,
    sessions,
    staged_devices,
    staged_structures,
    staged_students,
    stations,
    students,
);

diesel::joinable!(sessions -> operators (operator_id));

DROP TABLE register_exports;
DROP TABLE export_presets;
DROP TABLE print_settings;

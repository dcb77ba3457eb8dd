DROP TABLE devices;
DROP TABLE deliveries;
DROP TABLE device_models;

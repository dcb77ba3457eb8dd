// Names for what the service answers; the shapes themselves are generated from its OpenAPI document.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type Establishment = Schemas['SessionEstablishment'];
export type Student = Schemas['StudentCard'];
export type Device = Schemas['DeviceCard'];
export type Resolution = Schemas['Resolution'];
export type SeenCode = Schemas['SeenCode'];
export type SeenFrame = Schemas['SeenFrame'];
export type HandOver = Schemas['HandOver'];
export type HandOverRequest = Schemas['HandOverRequest'];
export type DeskHead = Schemas['DeskHead'];
export type ClassProgress = Schemas['ClassProgress'];
export type Problem = Schemas['Problem'];
export type ImportState = Schemas['ImportState'];
export type ImportReport = Schemas['ImportReport'];
export type RegisterSummary = Schemas['RegisterSummary'];

export type Act = Schemas['ActCard'];
export type Done = Schemas['Done'];
export type IncidentRule = Schemas['IncidentRule'];
export type IncidentRules = Schemas['IncidentRules'];
export type OutLoan = Schemas['OutLoan'];
export type TemporaryLoan = Schemas['TemporaryLoan'];
export type Grant = Schemas['Grant'];
export type Budget = Schemas['Budget'];
export type Delivery = Schemas['DeliveryCard'];
export type Reception = Schemas['Reception'];
export type ReceiveAnswer = Schemas['ReceiveAnswer'];
export type ReceptionScan = Schemas['ReceptionScan'];
export type ReserveState = Schemas['ReserveState'];
export type ReserveGauge = Schemas['ReserveGauge'];
export type Repairs = Schemas['Repairs'];
export type RepairCard = Schemas['RepairCard'];
export type RepairBatch = Schemas['Batch'];
export type BatchCard = Schemas['BatchCard'];
export type StockTakeCard = Schemas['StockTakeCard'];
export type StockTakeReport = Schemas['StockTakeReport'];
export type StockTakeLine = Schemas['StockTakeLine'];
export type SeenAnswer = Schemas['SeenAnswer'];
export type PrintSettings = Schemas['PrintSettings'];
export type SettingsRequest = Schemas['SettingsRequest'];
export type SheetChoice = Schemas['SheetChoice'];
export type PaperChoice = Schemas['PaperChoice'];
export type PaperChoices = Schemas['PaperChoices'];
export type FoundReceipt = Schemas['FoundReceipt'];

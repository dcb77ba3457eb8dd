//! Random sequences of everything a desk does, against a small model of what should come of
//! them: states, loans, repairs, the reserve and the head's fund agree after each, whatever was
//! replayed or undone.
//! `MODEL_STEPS` asks for longer ones.

mod school;
mod steps;

use crate::harness::{App, Desk};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::roles::Role;
use school::{Decision, School};
use serde_json::{Value, json};
use steps::{Step, YEAR};
use uuid::Uuid;

const PUPILS: usize = 7;
const LAPTOPS: usize = 16;
const STEPS: usize = 400;

/// Numbers that are the same at each run (xorshift64*, Vigna 2016).
pub struct Chance(u64);

impl Chance {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }
}

/// The school in the database, with the ids of what the model numbers.
struct World {
    app: App,
    desks: Vec<Desk>,
    pupils: Vec<Uuid>,
    laptops: Vec<Uuid>,
    /// Ids of loans and acts, by their number in the model.
    loans: Vec<Uuid>,
    acts: Vec<Uuid>,
    batches: Vec<Uuid>,
    incidents: Vec<Uuid>,
    grants: Vec<Uuid>,
    /// For looking: a connection at each look would wear the server out.
    eyes: AsyncPgConnection,
}

async fn furnish() -> World {
    let app = App::start().await;
    let mut desks = Vec::new();
    for place in 0..3 {
        desks.push(app.desk(&format!("Poste {place}"), Role::Manager).await);
    }
    desks.push(app.desk("Direction", Role::Head).await);
    let (mut pupils, mut laptops) = (Vec::new(), Vec::new());
    for n in 0..PUPILS {
        pupils.push(app.student(&format!("Élève{n}"), "Essai").await.0);
    }
    for n in 0..LAPTOPS {
        laptops.push(app.device(&format!("5CD03{n:02}C10")).await);
    }
    let mut eyes = AsyncPgConnection::establish(&app.url).await.unwrap();
    eyes.batch_execute("SET remise.scope = 'every'").await.unwrap();
    let (loans, acts, batches) = (Vec::new(), Vec::new(), Vec::new());
    World {
        app,
        desks,
        pupils,
        laptops,
        loans,
        acts,
        batches,
        incidents: Vec::new(),
        grants: Vec::new(),
        eyes,
    }
}

impl World {
    /// Sends a step and answers `Ok` or the code of the refusal; sends one in eight again.
    async fn sends(&mut self, step: &Step, chance: &mut Chance) -> Result<(), String> {
        let (method, path, mut body) = step.request(self);
        body["request_id"] = json!(Uuid::now_v7());
        let desk = &self.desks[step.desk];
        let send = async || match method {
            "PUT" => desk.put(&path, &body).await,
            _ => desk.post(&path, &body).await,
        };
        let answer = send().await;
        if chance.below(8) == 0 {
            assert_eq!(send().await, answer, "the same request again: {step:?}");
        }
        let (status, said) = answer;
        if status >= 400 {
            assert!(status < 500, "{step:?}: {said}");
            return Err(said["code"].as_str().unwrap().to_owned());
        }
        self.remember(step, &said).await;
        Ok(())
    }

    async fn remember(&mut self, step: &Step, said: &Value) {
        if let Some(loan) = said["loan_id"].as_str().filter(|_| step.hands_over()) {
            self.loans.push(loan.parse().unwrap());
        }
        if let Some(batch) = said["batch"]["id"].as_str().filter(|_| step.opens_batch()) {
            self.batches.push(batch.parse().unwrap());
        }
        if let Some(grant) = said["id"].as_str().filter(|_| step.asks_the_fund()) {
            self.grants.push(grant.parse().unwrap());
        }
        if let Some(incident) = said["incident_id"].as_str().filter(|_| step.reports()) {
            self.incidents.push(incident.parse().unwrap());
        }
        if step.is_act() {
            let act: Uuid = said["act"]["act_id"].as_str().unwrap().parse().unwrap();
            self.acts.push(act);
            let opened = self
                .ids(&format!(
                    "SELECT loan_id AS id FROM act_loans WHERE act_id = '{act}' AND effect = 'opened'"
                ))
                .await;
            self.loans.extend(opened);
        }
    }

    async fn ids(&self, query: &str) -> Vec<Uuid> {
        let rows = self.texts(&format!("SELECT id::text AS text FROM ({query}) q")).await;
        rows.iter().map(|id| id.parse().unwrap()).collect()
    }

    async fn texts(&self, query: &str) -> Vec<String> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            text: String,
        }
        let rows: Vec<Row> = diesel::sql_query(query).load(&mut &self.eyes).await.unwrap();
        rows.into_iter().map(|row| row.text).collect()
    }

    /// States and open loans and repairs, as the database has them, in the model's numbers.
    async fn looks(&self) -> Vec<String> {
        let place = |ids: &[Uuid], id: &str| {
            let id: Uuid = id.parse().unwrap();
            ids.iter().position(|known| *known == id).unwrap()
        };
        let mut seen = Vec::new();
        for row in self.texts("SELECT id || ' ' || state AS text FROM devices").await {
            let (id, state) = row.split_once(' ').unwrap();
            seen.push(format!("laptop {} is {state}", place(&self.laptops, id)));
        }
        let loans = "SELECT id || ' ' || student_id || ' ' || device_id || ' ' || kind AS text FROM loans WHERE closed_at IS NULL";
        for row in self.texts(loans).await {
            let parts: Vec<&str> = row.split(' ').collect();
            seen.push(format!(
                "loan {}: pupil {} has laptop {} as {}",
                place(&self.loans, parts[0]),
                place(&self.pupils, parts[1]),
                place(&self.laptops, parts[2]),
                parts[3]
            ));
        }
        for id in self.texts("SELECT device_id::text AS text FROM repairs WHERE closed_at IS NULL").await {
            seen.push(format!("laptop {} is under repair", place(&self.laptops, &id)));
        }
        let grants = "SELECT id || ' ' || incident_id || ' ' || student_id || ' ' || coalesce(decision, 'waits') || ' ' ||
            coalesce(amount_cents::text, '-') || ' ' || coalesce(used_by_loan::text, '-') AS text FROM emergency_grants";
        for row in self.texts(grants).await {
            let parts: Vec<&str> = row.split(' ').collect();
            let used = (parts[5] != "-").then(|| place(&self.loans, parts[5]));
            seen.push(format!(
                "grant {}: pupil {} for incident {}, {} {}, used {used:?}",
                place(&self.grants, parts[0]),
                place(&self.pupils, parts[2]),
                place(&self.incidents, parts[1]),
                parts[3],
                parts[4],
            ));
        }
        seen.sort();
        seen
    }

    /// The last word of the journal on each laptop is the state it is in.
    async fn journal_agrees(&self) {
        let told = "SELECT d.serial_number || ': ' || d.state || ' / ' || j.told AS text FROM devices d
            JOIN LATERAL (SELECT details->>'to' AS told FROM journal WHERE device_id = d.id AND details ? 'from'
                            AND details->>'to' IS NOT NULL AND action <> 'extend_loan' ORDER BY id DESC LIMIT 1) j ON true
            WHERE d.state <> j.told";
        assert_eq!(self.texts(told).await, Vec::<String>::new());
    }
}

/// What the model says of itself, in the words of [`World::looks`].
fn says(school: &School) -> Vec<String> {
    let mut said: Vec<String> = school
        .states
        .iter()
        .enumerate()
        .map(|(n, state)| format!("laptop {n} is {}", state.as_str()))
        .collect();
    for (n, loan) in school.loans.iter().enumerate().filter(|(_, loan)| loan.open) {
        said.push(format!(
            "loan {n}: pupil {} has laptop {} as {}",
            loan.pupil,
            loan.laptop,
            loan.kind.as_str()
        ));
    }
    said.extend(school.repairs.keys().map(|laptop| format!("laptop {laptop} is under repair")));
    for (n, grant) in school.grants.iter().enumerate() {
        let decision = match grant.decision {
            Decision::Waits => "waits -".to_owned(),
            Decision::Refused => "refused -".to_owned(),
            Decision::Granted(cents) => format!("granted {cents}"),
        };
        let (pupil, incident) = (school.pupil_of(grant.incident), grant.incident);
        said.push(format!(
            "grant {n}: pupil {pupil} for incident {incident}, {decision}, used {:?}",
            grant.used
        ));
    }
    said.sort();
    said
}

async fn follow(seed: u64, steps: usize) {
    let mut world = furnish().await;
    let mut school = School::new(PUPILS, LAPTOPS);
    let mut chance = Chance(seed);
    let (mut done, mut refused) = (0, 0);
    for n in 0..steps {
        let step = Step::draw(&school, &mut chance);
        let expected = school.take(&step);
        let answered = world.sends(&step, &mut chance).await;
        let wanted = expected.map_err(str::to_owned);
        assert_eq!(answered, wanted, "seed {seed}, step {n}: {step:?}\n{}", says(&school).join("\n"));
        match answered {
            Ok(()) => done += 1,
            Err(_) => refused += 1,
        }
        assert_eq!(world.looks().await, says(&school), "seed {seed}, after step {n}: {step:?}");
    }
    world.journal_agrees().await;
    let (_, reserve) = world.desks[0].get("/api/reserve").await;
    let spares = school.states.iter().filter(|state| state.as_str() == "reserve").count();
    assert_eq!(reserve["gauge"]["reserve"], json!(spares));
    let (_, budgets) = world.desks[0].get("/api/grants/budgets").await;
    let year = school.budget.map(
        |holds| json!({ "budget_year": YEAR, "amount_cents": holds, "granted_cents": school.granted() }),
    );
    assert_eq!(budgets, json!(Vec::from_iter(year)));
    assert!(school.grants.iter().any(|grant| grant.used.is_some()), "no sequence without the fund");
    assert_eq!(world.app.count("every", "acts").await, i64::try_from(world.acts.len()).unwrap());
    // A sequence that is refused all the time, or never, would prove little.
    assert!(done > steps / 4 && refused > steps / 20, "{done} done, {refused} refused");
    world.app.stop().await;
}

fn steps() -> usize {
    std::env::var("MODEL_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(STEPS)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_desks_do_agrees_with_the_model() {
    for seed in [1, 20_261_125] {
        follow(seed, steps()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_that_work_at_once_leave_nothing_half_done() {
    let World { app, pupils, laptops, .. } = furnish().await;
    let mut desks = Vec::new();
    for place in 0..6u64 {
        let desk = app.desk(&format!("Poste {}", 10 + place), Role::Manager).await;
        let (pupils, laptops) = (pupils.clone(), laptops.clone());
        desks.push(tokio::spawn(async move {
            let mut chance = Chance(777 + place);
            let mut acts: Vec<Value> = Vec::new();
            for _ in 0..60 {
                let pupil = pupils[chance.below(pupils.len())];
                let laptop = laptops[chance.below(laptops.len())];
                let (status, said) = steps::any(&desk, &mut chance, pupil, laptop, &acts).await;
                assert!(status < 500, "{status}: {said}");
                if status == 201 && said["act"].is_object() {
                    acts.push(said);
                }
            }
        }));
    }
    for desk in desks {
        desk.await.unwrap();
    }
    // One open loan a laptop and a kind for each pupil; lent means lent.
    let wrong = "devices d WHERE (d.state = 'lent') <> EXISTS (SELECT FROM loans l WHERE l.device_id = d.id AND l.closed_at IS NULL)
        AND d.state NOT IN ('awaiting_repair', 'in_repair', 'repaired')";
    assert_eq!(app.count("every", wrong).await, 0);
    let doubled = "(SELECT FROM loans WHERE closed_at IS NULL GROUP BY device_id HAVING count(*) > 1) x";
    assert_eq!(app.count("every", doubled).await, 0);
    // Each act is in the journal, each undone one once more.
    let told = "(SELECT DISTINCT details->>'act_id' FROM journal WHERE details ? 'act_id' AND action NOT LIKE 'undo_%') x";
    assert_eq!(app.count("every", told).await, app.count("every", "acts").await);
    let undone = "(SELECT DISTINCT details->>'act_id' FROM journal WHERE action LIKE 'undo_%' AND details ? 'act_id') x";
    assert_eq!(
        app.count("every", undone).await,
        app.count("every", "acts WHERE undone_at IS NOT NULL").await
    );
    app.stop().await;
}

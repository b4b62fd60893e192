#[test]
fn show() {
    let path = std::env::var("PLAN").unwrap();
    let bytes = std::fs::read(path).unwrap();
    let reading = sim::launch_plan::read(
        &bytes,
        sim::launch_plan::Options { year: (2018, false), zone: None },
    )
    .unwrap();
    for line in &reading.lines {
        println!(
            "{:>4} {:<28} {}",
            line.number,
            match &line.fate {
                sim::launch_plan::Fate::Understood(w) => format!("ok {w}"),
                sim::launch_plan::Fate::Open(w) => format!("OPEN {}", &w[..w.len().min(22)]),
                _ => "-- NOT".into(),
            },
            line.text
        );
    }
    println!("{:?}", reading.counts());
    for g in &reading.gaps {
        println!("{:<7} {:>4} {}", g.grade.word(), format!("{:?}", g.lines), g.text);
    }
    println!("{:#?}", reading.facts.plays);
    println!("{}", sim::launch_plan::draft(&reading, "launch-plan.md"));
}

//! How pupils stand.

use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::progress::{PupilLine, TopicProgress, TopicState};
use crate::error::AppError;

/// A pupil's topics, the weakest first, then those too little is known of.
pub async fn topics(pool: &PgPool, user_id: Uuid, weak_below: f64) -> Result<Vec<TopicProgress>, AppError> {
    let rows = sqlx::query!(
        r#"SELECT p.topic_id AS "topic_id!", t.name AS topic, s.name AS subject, p.answers AS "answers!",
                  p.earned AS "earned!", p.possible AS "possible!"
             FROM progress p JOIN topics t ON t.id = p.topic_id JOIN subjects s ON s.id = t.subject_id
            WHERE p.user_id = $1
            ORDER BY s.name, t.position, t.id"#,
        user_id,
    )
    .fetch_all(pool)
    .await?;
    let mut topics: Vec<TopicProgress> = rows
        .into_iter()
        .map(|r| TopicProgress {
            topic_id: r.topic_id,
            topic: r.topic,
            subject: r.subject,
            answers: r.answers,
            earned: r.earned,
            possible: r.possible,
            state: TopicState::of(r.earned, r.possible, r.answers, weak_below),
        })
        .collect();
    let share = |topic: &TopicProgress| topic.earned / topic.possible.max(f64::MIN_POSITIVE);
    topics.sort_by(|a, b| a.state.cmp(&b.state).then(share(a).total_cmp(&share(b))));
    Ok(topics)
}

/// Pupils by name, of one level if it is named; at most 500.
pub async fn pupils(pool: &PgPool, level: Option<&str>, weak_below: f64) -> Result<Vec<PupilLine>, AppError> {
    let mut lines: Vec<PupilLine> = sqlx::query!(
        r#"SELECT u.id, u.full_name, u.email, u.education_level,
                  count(a.id) AS "attempts!", coalesce(sum(a.earned), 0) AS "earned!",
                  coalesce(sum(a.possible), 0) AS "possible!"
             FROM users u LEFT JOIN attempts a ON a.user_id = u.id AND a.submitted_at IS NOT NULL
            WHERE u.role = 'student' AND ($1::text IS NULL OR u.education_level = $1)
            GROUP BY u.id ORDER BY u.full_name, u.id LIMIT 500"#,
        level,
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(|r| PupilLine {
        id: r.id,
        full_name: r.full_name,
        email: r.email,
        level: r.education_level,
        attempts: r.attempts,
        earned: r.earned,
        possible: r.possible,
        weak_topics: 0,
    })
    .collect();
    let ids: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let topics = sqlx::query!(
        r#"SELECT user_id AS "user_id!", earned AS "earned!", possible AS "possible!", answers AS "answers!"
             FROM progress WHERE user_id = ANY ($1)"#,
        &ids,
    )
    .fetch_all(pool)
    .await?;
    for topic in topics {
        let weak = TopicState::of(topic.earned, topic.possible, topic.answers, weak_below) == TopicState::Weak;
        if weak && let Some(line) = lines.iter_mut().find(|line| line.id == topic.user_id) {
            line.weak_topics += 1;
        }
    }
    Ok(lines)
}

/// One pupil's name, address and level; `NotFound` for anybody who is no pupil.
pub async fn pupil(pool: &PgPool, id: Uuid) -> Result<(String, String, Option<String>), AppError> {
    let r = sqlx::query!("SELECT full_name, email, education_level FROM users WHERE id = $1 AND role = 'student'", id,)
        .fetch_one(pool)
        .await?;
    Ok((r.full_name, r.email, r.education_level))
}

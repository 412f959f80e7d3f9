"""A paper from its upload to a result, and a test made by hand, by the client that is generated for Python from the API's description.

client.py SERVER ADMIN_TOKEN PAPER_PDF
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from exam_prep_client import AuthenticatedClient, Client
from exam_prep_client.api.admin import admin_classes
from exam_prep_client.api.attempts import attempts_create
from exam_prep_client.api.documents import documents_archive, documents_correct_question, documents_for_a_level
from exam_prep_client.api.documents import documents_list_questions, documents_one, documents_publish
from exam_prep_client.api.progress import progress_progress
from exam_prep_client.api.quizzes import quizzes_generate
from exam_prep_client.api.tests import tests_assign, tests_change, tests_create, tests_delete, tests_list, tests_questions
from exam_prep_client.api.users import users_register
from exam_prep_client.models import AskedQuestion, Correction, Form, NewAttempt, NewAttemptAnswers, NewTest, NewWork
from exam_prep_client.models import Reason, Registration, TestChange, TestSection, Wanted
from exam_prep_client.types import File

server, token, paper = sys.argv[1:]
base = f"{server}/api"
school = AuthenticatedClient(base_url=base, token=token)

# What follows the end of a PDF makes it another file.
pdf = BytesIO(Path(paper).read_bytes() + f"\n%{time.time_ns()}\n".encode())
form = Form(file=File(pdf, "paper.pdf", "application/pdf"), level="P6", subject="Mathematics", year="1998")
document = documents_for_a_level.sync(client=school, body=form)
until = time.monotonic() + 60
while (status := documents_one.sync(document.id, client=school).ingestion_status) != "completed":
    assert time.monotonic() < until, status
    time.sleep(0.5)

questions = documents_list_questions.sync(document.id, client=school)
numeric = next(question for question in questions if question.kind == "numeric")
corrected = documents_correct_question.sync(document.id, numeric.path, client=school, body=Correction(key="4321", marks=3))
assert (corrected.key, corrected.marks) == ("4321", 3), corrected
refused = documents_correct_question.sync_detailed(document.id, numeric.path, client=school, body=Correction(marks=-1))
assert refused.status_code == 422, refused
documents_publish.sync(document.id, client=school)

account = Registration(
    email=f"python-{time.time_ns()}@test.com", password="test123", full_name="A Program", education_level="P6"
)
granted = users_register.sync(client=Client(base_url=base), body=account)
pupil = AuthenticatedClient(base_url=base, token=granted.access_token)
quiz = quizzes_generate.sync(client=pupil, body=Wanted(mode="real-exam", document_id=document.id))
item = next(question for question in quiz.questions if question.text.endswith(numeric.text))
answers = NewAttemptAnswers.from_dict({str(item.id): "4321"})
attempt = attempts_create.sync(client=pupil, body=NewAttempt(quiz_id=quiz.id, answers=answers))
marked = next(answer for answer in attempt.answers if answer.question_id == item.id)
assert marked.marks == 3 and marked.reason, marked
assert progress_progress.sync(client=pupil).total_attempts == 1
documents_archive.sync(document.id, client=school, body=Reason(reason="A test"))

bank = tests_questions.sync(client=school, level="P6", kind="numeric", limit=3)
asked = [AskedQuestion(id=entry.id, section="A" if place == 0 else "B") for place, entry in enumerate(bank)]
sections = [TestSection(label="A", rule="all"), TestSection(label="B", rule="choose", count=1)]
title = f"By a program {time.time_ns()}"
test = tests_create.sync(client=school, body=NewTest(title=title, level="P6", sections=sections, questions=asked))
assert [question.section for question in test.questions] == ["A", "B", "B"], test
a, *b = (question.marks for question in test.questions)
assert test.marks == a + max(b), test
test = tests_change.sync(test.id, client=school, body=TestChange(sections=sections[1:], questions=asked[1:]))
assert test.marks == max(b), test
assert any(line.id == test.id for line in tests_list.sync(client=school, limit=100))
p6 = next(each for each in admin_classes.sync(client=school) if each.level == "P6")
opens_at = datetime.now(UTC) + timedelta(days=1)
work = NewWork(class_id=p6.id, opens_at=opens_at, due_at=opens_at + timedelta(hours=2), needs_code=True)
assert tests_assign.sync(test.id, client=school, body=work).room_code
late = NewWork(class_id=p6.id, opens_at=opens_at, due_at=opens_at - timedelta(hours=2))
assert tests_assign.sync_detailed(test.id, client=school, body=late).status_code == 422
assert tests_delete.sync_detailed(test.id, client=school).status_code == 409, "it is set to a class"

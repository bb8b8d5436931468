"""The official Python SDK against the sandbox, unchanged and over HTTP: `stories.py URL HOOK_URL KIND`.

The tests call each of its methods. Tests named p5, p7, p8 and p12 show defects of the SDK itself, so that they
are not mistaken for bugs of the sandbox."""

import sys
import time
import unittest
import urllib.request

from agentphone import AgentPhoneError, AuthenticationError, NotFoundError
from clients import Client

URL, HOOK, KIND = sys.argv[1:4]
PHONE = "+14155550100"
KEY = "sk_test_official"
sdk = Client(KIND, URL, KEY)

REGISTRATION = dict(
    registration_type="sole_proprietor",
    first_name="Ada",
    last_name="Byron",
    email="ada@example.com",
    phone_number=PHONE,
    street_address="1 Main Street",
    city="San Francisco",
    state="CA",
    zip_code="94105",
    description="Appointment reminders for the patients of a small dental practice.",
    use_cases=["customer_care"],
    message_samples=["Example Dental: see you tomorrow at 10.", "Example Dental: your bill has been paid."],
    consent_flow="Patients tick a box on the paper form that they sign at their first visit.",
    opt_in_image_url="https://example.com/opt-in.png",
)


def staff():
    """A hosted agent with an iMessage line."""
    agent = sdk.agents.create("Support", voice_mode="hosted", system_prompt="Be brief.")
    return agent, sdk.numbers.buy(agent_id=agent.id, type="imessage")


def ended(call_id):
    while True:
        call = sdk.calls.get(call_id)
        if call.ended_at:
            return call
        time.sleep(0.02)


def record_calls():
    """Enables the recording add-on, without which nothing is recorded; the SDK has no method for it."""
    head = {"Authorization": f"Bearer {KEY}"}
    add_on = urllib.request.Request(f"{URL}/credits/recording/enable", method="POST", headers=head)
    urllib.request.urlopen(add_on).close()


class Stories(unittest.TestCase):
    def test_agents(self):
        made = sdk.agents.create("Ada")
        self.assertEqual(sdk.agents.update(made.id, name="Bea").name, "Bea")
        self.assertEqual(sdk.agents.get(made.id).name, "Bea")
        self.assertIn(made.id, [agent.id for agent in sdk.agents.list(limit=100).data])
        sdk.agents.delete(made.id)
        with self.assertRaises(NotFoundError):
            sdk.agents.get(made.id)

    def test_p12_voices_are_read_from_an_object(self):
        # A bare array would crash list_voices; the sandbox sends an object.
        self.assertTrue(sdk.agents.list_voices())

    def test_p5_none_clears_nothing(self):
        made = sdk.agents.create("Ada", voicemail_message="Bye")
        same = sdk.agents.update(made.id, voicemail_message=None)
        self.assertEqual(same.voicemail_message, "Bye")

    def test_numbers(self):
        agent = sdk.agents.create("Lines")
        offered = sdk.numbers.available(area_code="415", limit=5)
        self.assertTrue(offered)
        bought = sdk.numbers.buy(area_code="415", external_id="crm-1")
        self.assertTrue(bought.phone_number.startswith("+1415"))
        self.assertEqual(sdk.numbers.update(bought.id, external_id="crm-2").external_id, "crm-2")
        sdk.agents.attach_number(agent.id, bought.id)
        self.assertEqual(sdk.numbers.get(bought.id).agent_id, agent.id)
        sdk.agents.detach_number(agent.id, bought.id)
        self.assertIsNone(sdk.numbers.get(bought.id).agent_id)
        self.assertIn(bought.id, [number.id for number in sdk.numbers.list(limit=100).data])
        self.assertEqual(sdk.numbers.lookup([PHONE])[0].phone_number, PHONE)
        sdk.numbers.release(bought.id)

    def test_contact_cards(self):
        _, number = staff()
        sdk.numbers.set_contact_card(number.id, "Ada", "Byron")
        self.assertEqual(sdk.numbers.get_contact_card(number.id)["firstName"], "Ada")
        self.assertEqual(sdk.numbers.delete_contact_card(number.id), {})

    def test_contacts(self):
        made = sdk.contacts.create(PHONE, "Ada")
        self.assertEqual(sdk.contacts.update(made.id, name="Bea").name, "Bea")
        self.assertEqual(sdk.contacts.get(made.id).name, "Bea")
        self.assertEqual(sdk.contacts.list(search="Bea").total, 1)
        self.assertEqual(sdk.contacts.list(search="nobody").total, 0)
        self.assertEqual(sdk.contacts.get_capabilities(PHONE)["phoneNumber"], PHONE)
        self.assertEqual(sdk.contacts.delete(made.id), {})

    def test_messages_and_conversations(self):
        agent, number = staff()
        sent = sdk.messages.send(agent_id=agent.id, to_number=PHONE, body="Hello")
        sdk.messages.react(sent["id"], "love")
        self.assertIn("Hello", [text.body for text in sdk.numbers.get_messages(number.id).data])
        (thread,) = sdk.agents.list_conversations(agent.id).data
        self.assertIn(thread.id, [one.id for one in sdk.conversations.list(limit=100).data])
        self.assertEqual(sdk.conversations.update(thread.id, metadata={"order": 7}).metadata, {"order": 7})
        self.assertEqual(len(sdk.conversations.get(thread.id).messages), 1)
        self.assertEqual(sdk.conversations.get_messages(thread.id).data[0].body, "Hello")
        sdk.conversations.send_typing(thread.id)
        sdk.conversations.set_background(thread.id, "https://example.com/sea.png")
        self.assertEqual(sdk.conversations.delete_background(thread.id), {})

    def test_p7_calls_have_every_key_that_its_strict_models_need(self):
        record_calls()
        agent, number = staff()
        call = sdk.calls.make(agent.id, PHONE, system_prompt="Be brief.")
        self.assertEqual(call.to_number, PHONE)
        self.assertEqual(ended(call.id).status, "completed")
        self.assertTrue(sdk.calls.get_transcript(call.id)["transcript"])
        for calls in sdk.calls.list(), sdk.numbers.list_calls(number.id), sdk.agents.list_calls(agent.id):
            self.assertIn(call.id, [one.id for one in calls.data])
        self.assertTrue(bytes(sdk.calls.get_recording(call.id)).startswith(b"RIFF"))

    def test_a_live_transcript(self):
        agent, _ = staff()
        call = sdk.calls.make_conversation(agent.id, PHONE, "Be brief.")
        events = [item["event"] for item in sdk.calls.stream_transcript(call.id)]
        self.assertEqual((events[0], events[-1]), ("connected", "ended"))
        self.assertIn("turn", events)

    def test_a_call_is_hung_up_and_a_web_call_gets_its_token(self):
        agent, _ = staff()
        call = sdk.calls.make(agent.id, PHONE)
        sdk.calls.end(call.id)
        self.assertTrue(ended(call.id).ended_at)
        self.assertTrue(sdk.calls.create_web_call(agent.id)["accessToken"])

    def test_webhooks(self):
        agent, _ = staff()
        made = sdk.webhooks.set(HOOK, context_limit=5, timeout=10)
        self.assertEqual(sdk.webhooks.get().secret, made.secret)
        sdk.webhooks.test(message="Hello")
        self.assertTrue(sdk.webhooks.list_deliveries())
        self.assertGreater(sdk.webhooks.get_delivery_stats().total, 0)
        sdk.webhooks.get_all_time_stats()
        sdk.agents.set_webhook(agent.id, HOOK)
        self.assertEqual(sdk.agents.get_webhook(agent.id).url, HOOK)
        sdk.agents.test_webhook(agent.id)
        self.assertTrue(sdk.agents.list_webhook_deliveries(agent.id))
        sdk.agents.delete_webhook(agent.id)
        sdk.webhooks.delete()
        self.assertIsNone(sdk.webhooks.get())

    def test_usage(self):
        staff()
        self.assertGreater(sdk.usage.get().numbers.used, 0)
        self.assertEqual(len(sdk.usage.get_daily(days=7).data), 7)
        self.assertEqual(len(sdk.usage.get_monthly(months=3).data), 3)
        self.assertTrue(sdk.usage.get_by_number())
        self.assertTrue(sdk.usage.get_by_agent(period="week"))

    def test_p8_there_is_no_plan_in_usage(self):
        with self.assertRaises(AttributeError):
            sdk.usage.get().plan

    def test_registration(self):
        self.assertTrue(sdk.registration.register(**REGISTRATION)["ok"])
        self.assertTrue(sdk.registration.get_status())
        self.assertTrue(sdk.registration.get())
        self.assertTrue(sdk.registration.update(volume="low"))

    def test_sip_trunks(self):
        made = sdk.sip_trunks.create()
        self.assertEqual(sdk.sip_trunks.update(made.id, name="Desk").name, "Desk")
        self.assertEqual(sdk.sip_trunks.get(made.id).name, "Desk")
        self.assertEqual([trunk.id for trunk in sdk.sip_trunks.list()], [made.id])
        sdk.sip_trunks.delete(made.id)

    def test_whatsapp(self):
        sdk.numbers.buy()
        connection = sdk.whatsapp.whatsapp_connect("code-of-the-embedded-sign-up")
        connection_id = connection.get("connection_id") or connection["id"]
        self.assertTrue(sdk.whatsapp.whatsapp_status())
        offered = sdk.whatsapp.whatsapp_available_numbers(connection_id)["data"]
        sdk.whatsapp.whatsapp_connect_number(connection_id, offered[0]["phone_number_id"])
        sdk.whatsapp.whatsapp_create_template(connection_id, "reminder", "UTILITY")
        self.assertTrue(sdk.whatsapp.whatsapp_list_templates(connection_id)["data"])
        sdk.whatsapp.whatsapp_delete_template(connection_id, "reminder")
        sdk.whatsapp.whatsapp_disconnect(connection_id)

    def test_verification(self):
        sent = sdk.verification.send_verification(PHONE)
        verification = sent.get("verification_id") or sent["id"]
        self.assertTrue(sdk.verification.check_verification(verification, "123456"))

    def test_sub_accounts(self):
        made = sdk.sub_accounts.create("Shop")
        sdk.sub_accounts.update(made["id"], "Store")
        self.assertIn("Store", [one["name"] for one in sdk.sub_accounts.list()])
        sdk.sub_accounts.delete(made["id"])

    def test_location_and_feedback(self):
        _, number = staff()
        self.assertEqual(sdk.location.get(number.phone_number).phone_number, number.phone_number)
        self.assertTrue(sdk.location.refresh().success)
        self.assertTrue(sdk.feedback.submit("bug", "The line was busy."))

    def test_p1_a_documented_error_has_its_status_but_no_code(self):
        with self.assertRaises(AgentPhoneError) as raised:
            sdk.numbers.get("num_nobody")
        self.assertEqual(raised.exception.status, 404)
        self.assertFalse(hasattr(raised.exception, "code"))
        stranger = Client(KIND, URL, key="wrong")
        with self.assertRaises(AuthenticationError):
            stranger.agents.list()
        stranger.close()

    def test_z_no_method_was_left_out(self):
        self.assertEqual(sorted(set(sdk.methods()) - sdk.called), [])


if __name__ == "__main__":
    try:
        unittest.main(argv=["stories.py"], verbosity=2)
    finally:
        sdk.close()

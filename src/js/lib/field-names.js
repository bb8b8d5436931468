// @ts-check
// Made by scripts/fields.mjs out of contract/openapi.yaml: a line for each operation that takes an input, with its id and
// the fields that the contract knows. `hints.js` reads it.

export const FIELD_NAMES = `agents.list limit offset
agents.create name description voiceMode enableMessaging modelTier systemPrompt beginMessage voice transferNumber customTools(name description url method headers parameters timeoutMs speakDuringExecution executionMessage) voicemailMessage callScreeningIdentity callScreeningPurpose sttMode ambientSound denoisingMode maxSilenceMs voiceSpeed interruptionSensitivity enableBackchannel language
agents.update name description voiceMode enableMessaging modelTier systemPrompt beginMessage voice transferNumber customTools(name description url method headers parameters timeoutMs speakDuringExecution executionMessage) voicemailMessage callScreeningIdentity callScreeningPurpose sttMode ambientSound denoisingMode maxSilenceMs voiceSpeed interruptionSensitivity enableBackchannel language
agents.numbers.attach numberId
agents.conversations.list limit offset
agents.calls.list limit offset
agents.webhook.set url contextLimit timeout
agents.webhook.deliveries.list limit hours
webhooks.set url contextLimit timeout
webhooks.deliveries.list limit offset hours
webhooks.deliveries.stats hours
webhooks.test from to message channel agentId
numbers.list limit offset
numbers.buy country areaCode agentId type imessageType externalId expiresAt
numbers.available areaCode city state zip country limit
numbers.lookup phoneNumbers
numbers.update externalId expiresAt
numbers.messages.list limit offset before after
numbers.calls.list limit offset
numbers.voiceRouting.update method
numbers.contactCard.set firstName lastName displayName avatarUrl
contacts.list limit offset search
contacts.create phoneNumber name email notes
contacts.capabilities phone_number
contacts.update phoneNumber name email notes
conversations.list limit offset agent_id
conversations.get message_limit
conversations.update metadata group_name
conversations.messages.list limit before after
conversations.background.set image_url
calls.list limit offset status direction type search
calls.create agentId toNumber fromNumberId initialGreeting voice systemPrompt modelTier variables callScreeningIdentity callScreeningPurpose disableRecording waitForCompletion maxWaitSeconds
calls.createWeb agentId metadata variables
calls.get wait timeout
messages.send agent_id number_id from_number to_number recipients body media_url media_urls reply_to_message_id send_style
messages.react reaction
usage.daily days
usage.monthly months
usage.byAgent period tz
registration.create registration_type first_name last_name email phone_number business_name brand_name organization_type contact_title contact_title_other ein website_url industry business_regions street_address street_address_2 city state zip_code country planned_numbers description use_cases volume message_samples consent_flow privacy_policy_url terms_of_service_url opt_in_image_url includes link_sample create_sub_account
registration.update business_name brand_name website_url description use_cases volume message_samples consent_flow privacy_policy_url terms_of_service_url opt_in_image_url includes link_sample
subAccounts.list limit offset stats_days
subAccounts.create name
subAccounts.update name
sipTrunks.update name transfers transfer_caller_id origination
whatsapp.connect code waba_id phone_number_id business_id agent_id
whatsapp.numbers.connect phone_number_id agent_id
whatsapp.templates.list name status category language
whatsapp.templates.create name language category parameter_format components library_template_name library_template_button_inputs library_template_body_inputs
whatsapp.templates.delete name hsm_id
verification.send phone_number
verification.check verification_id code
feedback.create category note request_id url tags
signUp.create human_email agent_name
signUp.verify verification_id otp_code source`;

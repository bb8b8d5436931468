// The views, a row each: address, name, icon. A new view is a new row.

import {
  BookUser,
  Bot,
  Building2,
  CircleHelp,
  ClipboardCheck,
  FlaskConical,
  Gauge,
  Hash,
  type LucideIcon,
  MessagesSquare,
  PhoneCall,
  Webhook,
} from "lucide-preact";
import { useDoubtCount } from "./doubt-watch.js";
import { lazy, type View } from "./lazy.js";

/** A view of the console. */
export interface Route {
  /** With `:id` where it shows one object. */
  path: string;
  title: string;
  view: View;
  /** Only those that stand in the navigation have one. */
  icon?: LucideIcon;
  /** How many there are, beside the title: of what waits for a person. */
  useCount?: () => number;
  /** Only where a sandbox is. */
  sandbox?: true;
}

export const ROUTES: readonly Route[] = [
  { path: "/", title: "Overview", icon: Gauge, view: lazy(() => import("../views/overview/overview.js")) },
  { path: "/calls", title: "Calls", icon: PhoneCall, view: lazy(() => import("../views/calls/calls.js")) },
  {
    path: "/in-doubt",
    title: "In doubt",
    icon: CircleHelp,
    useCount: useDoubtCount,
    view: lazy(() => import("../views/doubt/doubt.js")),
  },
  { path: "/calls/:id", title: "Call", view: lazy(() => import("../views/calls/call.js")) },
  {
    path: "/conversations",
    title: "Conversations",
    icon: MessagesSquare,
    view: lazy(() => import("../views/conversations/conversations.js")),
  },
  {
    path: "/conversations/:id",
    title: "Conversation",
    view: lazy(() => import("../views/conversations/conversations.js")),
  },
  { path: "/contacts", title: "Contacts", icon: BookUser, view: lazy(() => import("../views/contacts/contacts.js")) },
  { path: "/contacts/:id", title: "Contact", view: lazy(() => import("../views/contacts/contact.js")) },
  { path: "/agents", title: "Agents", icon: Bot, view: lazy(() => import("../views/agents/agents.js")) },
  { path: "/agents/:id", title: "Agent", view: lazy(() => import("../views/agents/agent.js")) },
  { path: "/numbers", title: "Numbers", icon: Hash, view: lazy(() => import("../views/numbers/numbers.js")) },
  { path: "/numbers/:id", title: "Number", view: lazy(() => import("../views/numbers/number.js")) },
  { path: "/webhooks", title: "Webhooks", icon: Webhook, view: lazy(() => import("../views/webhooks/webhooks.js")) },
  {
    path: "/sub-accounts",
    title: "Sub-accounts",
    icon: Building2,
    view: lazy(() => import("../views/sub-accounts/sub-accounts.js")),
  },
  {
    path: "/registration",
    title: "Registration",
    icon: ClipboardCheck,
    view: lazy(() => import("../views/registration/registration.js")),
  },
  {
    path: "/lab",
    title: "Fault lab",
    icon: FlaskConical,
    view: lazy(() => import("../views/lab/lab.js")),
    sandbox: true,
  },
];

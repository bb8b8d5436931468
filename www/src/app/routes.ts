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
  Megaphone,
  MessagesSquare,
  PhoneCall,
  SquareTerminal,
  Webhook,
} from "lucide-preact";
import { useDoubtCount } from "./doubt-watch.js";
import { lazy, type View } from "./lazy.js";

/** How the navigation groups the views; the first group has no heading. */
export const GROUPS = ["", "Communication", "Setup", "Developers"] as const;

/** A view of the console. */
export interface Route {
  /** With `:id` where it shows one object. */
  path: string;
  title: string;
  view: View;
  /** Only those in the navigation have an icon and a group. */
  icon?: LucideIcon;
  group?: (typeof GROUPS)[number];
  /** How many there are, beside the title: of what waits for a person. */
  useCount?: () => number;
  /** The key that opens it after `g`. */
  key?: string;
  /** Only where a sandbox is. */
  sandbox?: true;
}

export const ROUTES: readonly Route[] = [
  {
    path: "/",
    title: "Overview",
    key: "o",
    icon: Gauge,
    group: "",
    view: lazy(() => import("../views/overview/overview.js")),
  },
  {
    path: "/calls",
    title: "Calls",
    key: "c",
    icon: PhoneCall,
    group: "Communication",
    view: lazy(() => import("../views/calls/calls.js")),
  },
  { path: "/calls/:id", title: "Call", view: lazy(() => import("../views/calls/call.js")) },
  {
    path: "/conversations",
    title: "Conversations",
    key: "m",
    icon: MessagesSquare,
    group: "Communication",
    view: lazy(() => import("../views/conversations/conversations.js")),
  },
  {
    path: "/conversations/:id",
    title: "Conversation",
    view: lazy(() => import("../views/conversations/conversations.js")),
  },
  {
    path: "/contacts",
    title: "Contacts",
    key: "p",
    icon: BookUser,
    group: "Communication",
    view: lazy(() => import("../views/contacts/contacts.js")),
  },
  { path: "/contacts/:id", title: "Contact", view: lazy(() => import("../views/contacts/contact.js")) },
  {
    path: "/campaigns",
    title: "Campaigns",
    key: "k",
    icon: Megaphone,
    group: "Communication",
    view: lazy(() => import("../views/campaigns/campaigns.js")),
  },
  { path: "/campaigns/:id", title: "Campaign", view: lazy(() => import("../views/campaigns/campaign.js")) },
  {
    path: "/in-doubt",
    title: "In doubt",
    key: "d",
    icon: CircleHelp,
    group: "Communication",
    useCount: useDoubtCount,
    view: lazy(() => import("../views/doubt/doubt.js")),
  },
  {
    path: "/agents",
    title: "Agents",
    key: "a",
    icon: Bot,
    group: "Setup",
    view: lazy(() => import("../views/agents/agents.js")),
  },
  { path: "/agents/:id", title: "Agent", view: lazy(() => import("../views/agents/agent.js")) },
  {
    path: "/numbers",
    title: "Numbers",
    key: "n",
    icon: Hash,
    group: "Setup",
    view: lazy(() => import("../views/numbers/numbers.js")),
  },
  { path: "/numbers/:id", title: "Number", view: lazy(() => import("../views/numbers/number.js")) },
  {
    path: "/registration",
    title: "Registration",
    key: "t",
    icon: ClipboardCheck,
    group: "Setup",
    view: lazy(() => import("../views/registration/registration.js")),
  },
  {
    path: "/sub-accounts",
    title: "Sub-accounts",
    key: "s",
    icon: Building2,
    group: "Setup",
    view: lazy(() => import("../views/sub-accounts/sub-accounts.js")),
  },
  {
    path: "/webhooks",
    title: "Webhooks",
    key: "w",
    icon: Webhook,
    group: "Developers",
    view: lazy(() => import("../views/webhooks/webhooks.js")),
  },
  {
    path: "/requests",
    title: "Requests",
    key: "r",
    icon: SquareTerminal,
    group: "Developers",
    view: lazy(() => import("../views/requests/requests.js")),
  },
  {
    path: "/lab",
    title: "Fault lab",
    key: "l",
    icon: FlaskConical,
    group: "Developers",
    view: lazy(() => import("../views/lab/lab.js")),
    sandbox: true,
  },
  {
    path: "/first-call",
    title: "Your first call",
    view: lazy(() => import("../views/first-call/first-call.js")),
    sandbox: true,
  },
];

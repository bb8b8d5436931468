// One setting of an agent as a control.

import type { Agent } from "agentphone-wasm";
import { ChoiceBox, TextBox, TickBox } from "../../ui/checked-field.js";
import { Field } from "../../ui/field.js";
import type { FieldErrors } from "../../ui/field-errors.js";
import { LANGUAGES } from "./languages.js";
import { type Edits, isOn, type Setting, textOf, toolsOf } from "./settings.js";
import styles from "./settings.module.css";
import { ToolList } from "./tool-list.js";
import { VoicePicker } from "./voice-picker.js";

interface SettingFieldProps {
  setting: Setting;
  agent: Agent;
  edits: Edits;
  errors: FieldErrors;
  change: (edit: Edits) => void;
  /** Opens a tool, or a new one. */
  openTool: (index: number | "new") => void;
}

/** The control. */
export function SettingField({ setting, agent, edits, errors, change, openTool }: SettingFieldProps) {
  const error = errors[setting.name];
  const { label, hint } = setting;
  switch (setting.kind) {
    case "text":
      return (
        <TextBox
          label={label}
          hint={hint}
          error={error}
          value={textOf(agent, edits, setting.name)}
          onValue={(value) => change({ [setting.name]: value })}
          rows={setting.rows}
          type={setting.tel === true ? "tel" : "text"}
          placeholder={setting.placeholder}
          required={setting.required}
        />
      );
    case "choice": {
      const value = textOf(agent, edits, setting.name);
      // The API may know more than this page.
      const known = setting.options.some((option) => option.value === value);
      const all = known ? setting.options : [{ value, label: value === "" ? "As usual" : value }, ...setting.options];
      return (
        <ChoiceBox
          label={label}
          hint={hint}
          error={error}
          value={value}
          onValue={(chosen) => change({ [setting.name]: chosen })}
          options={all}
        />
      );
    }
    case "range":
      return (
        <Range
          setting={setting}
          value={textOf(agent, edits, setting.name)}
          error={error}
          onValue={(value) => change({ [setting.name]: value })}
        />
      );
    case "tick":
      return (
        <TickBox
          label={label}
          hint={hint}
          checked={isOn(agent, edits, setting.name)}
          onValue={(on) => change({ [setting.name]: on })}
        />
      );
    case "voice":
      return (
        <VoicePicker
          label={label}
          error={error}
          value={textOf(agent, edits, "voice")}
          onValue={(voice) => change({ voice })}
        />
      );
    case "language": {
      const value = textOf(agent, edits, "language") || "en-US";
      const known = LANGUAGES.some((language) => language.value === value);
      return (
        <ChoiceBox
          label={label}
          hint={hint}
          error={error}
          value={value}
          onValue={(language) => change({ language })}
          options={known ? LANGUAGES : [{ value, label: value }, ...LANGUAGES]}
        />
      );
    }
    case "tools":
      return (
        <ToolList
          tools={toolsOf(agent, edits)}
          error={error}
          onChange={(customTools) => change({ customTools })}
          open={openTool}
        />
      );
  }
}

type RangeSetting = Extract<Setting, { kind: "range" }>;
interface RangeProps {
  setting: RangeSetting;
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
}

/** 610 seconds: `10 min 10 s`. */
function timeSpan(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [minutes > 0 ? `${minutes} min` : "", rest > 0 ? `${rest} s` : ""].join(" ").trim();
}

/** A figure between two bounds. Back to the usual one means that it is not set any more. */
function Range({ setting: { label, min, max, step, usual, unit, ends, hint }, value, error, onValue }: RangeProps) {
  const spoken = (figure: number): string => (unit === "s" ? timeSpan(figure / 1000) : `${figure}${unit}`);
  const beside = (
    <span class="measure">
      {spoken(Number(value))}
      {Number(value) !== usual && (
        <button
          type="button"
          class="link"
          aria-label={`${label}: back to ${spoken(usual)}`}
          onClick={() => onValue("")}
        >
          back to {spoken(usual)}
        </button>
      )}
    </span>
  );
  return (
    <Field label={label} hint={hint} error={error} beside={beside}>
      {(control) => (
        <>
          <input
            {...control}
            type="range"
            min={min}
            max={max}
            step={step}
            value={value}
            aria-valuetext={spoken(Number(value))}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
          <div class={`${styles.rangeEnds} small muted`} aria-hidden="true">
            <span>{ends[0]}</span>
            <span>{ends[1]}</span>
          </div>
        </>
      )}
    </Field>
  );
}

/** A profile's name, its times, whose name stands in the certificate, and which other names may. */
import { Button, Checkbox, NumberInput, Radio, TagsInput, TextInput } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { Section } from '../../design/Page.tsx';
import styles from './endpoints.module.css';
import { type Profile, SAN_KINDS } from './words.ts';

export interface ProfileFieldsProps {
  readonly draft: Profile;
  readonly errors: { readonly [Name in keyof Profile]?: string | undefined };
  readonly set: (change: Partial<Profile>) => void;
}

export function ProfileFields({ draft, errors, set }: ProfileFieldsProps): ReactNode {
  return (
    <>
      <Section title="Name and times">
        <div className={styles.stack}>
          <TextInput
            label="Name"
            required
            maxLength={64}
            maw={360}
            value={draft.name}
            error={errors.name}
            onChange={(event) => {
              set({ name: event.currentTarget.value });
            }}
          />
          <div className={styles.triple}>
            <Days
              label="Valid for"
              description="Never beyond the CA’s own end."
              value={draft.validityDays}
              error={errors.validityDays}
              onChange={(validityDays) => {
                set({ validityDays });
              }}
            />
            <Days
              label="Renewal window"
              description="Before the end; earlier is early."
              value={draft.renewalWindowDays}
              error={errors.renewalWindowDays}
              onChange={(renewalWindowDays) => {
                set({ renewalWindowDays });
              }}
            />
            <Days
              label="Backdated by"
              description="For clocks that are slow."
              unit="minutes"
              value={draft.backdateMinutes}
              error={errors.backdateMinutes}
              onChange={(backdateMinutes) => {
                set({ backdateMinutes });
              }}
            />
          </div>
        </div>
      </Section>
      <SubjectFields draft={draft} errors={errors} set={set} />
      <Section title="Other names">
        <div className={styles.stack}>
          <Checkbox.Group
            label="A device may ask for"
            description="A request with any other kind of name is refused, with words."
            value={[...draft.allowedSans]}
            onChange={(kinds) => {
              set({ allowedSans: SAN_KINDS.map(({ value }) => value).filter((kind) => kinds.includes(kind)) });
            }}
          >
            <div className={styles.checks}>
              {SAN_KINDS.map(({ value, label }) => (
                <Checkbox key={value} value={value} label={label} />
              ))}
            </div>
          </Checkbox.Group>
          <TagsInput
            label="Every certificate gets besides"
            description="Names with their kind, such as DNS:{{device_name}}.office.lan; Enter after each."
            placeholder={draft.extraSans.length === 0 ? 'None' : ''}
            classNames={{ input: 'mono' }}
            maxTags={20}
            splitChars={[',', ' ']}
            value={[...draft.extraSans]}
            error={errors.extraSans}
            onChange={(extraSans) => {
              set({ extraSans });
            }}
          />
        </div>
      </Section>
    </>
  );
}

interface DaysProps {
  readonly label: string;
  readonly description: string;
  readonly unit?: 'days' | 'minutes';
  readonly value: number;
  readonly error: string | undefined;
  readonly onChange: (value: number) => void;
}

/** An empty field is no number, and is said to be none. */
const Days = ({ label, description, unit = 'days', value, error, onChange }: DaysProps): ReactNode => (
  <NumberInput
    label={label}
    description={description}
    inputWrapperOrder={['label', 'input', 'description', 'error']}
    suffix={` ${unit}`}
    min={0}
    allowDecimal={false}
    allowNegative={false}
    value={Number.isNaN(value) ? '' : value}
    error={error}
    onChange={(next) => {
      onChange(typeof next === 'number' ? next : Number.NaN);
    }}
  />
);

const EXAMPLE = 'CN={{device_name}},OU=Devices,O={{organization}}';
const VARIABLES = [
  { name: 'device_name', text: 'the common name that the device asks for' },
  { name: 'organization', text: 'the organization of the settings' },
] as const;

function SubjectFields({ draft: { subjectTemplate }, errors, set }: ProfileFieldsProps): ReactNode {
  const hint = useId();
  return (
    <Section title="Subject">
      <Radio.Group
        aria-label="Subject"
        value={subjectTemplate === null ? 'keep' : 'template'}
        onChange={(way) => {
          set({ subjectTemplate: way === 'keep' ? null : (subjectTemplate ?? EXAMPLE) });
        }}
      >
        <div className={styles.choices}>
          <Radio value="keep" label="As the device asks" description="You see it before you approve, and a bound challenge fixes it." />
          <Radio value="template" label="Written from a template" description="The same shape for every device, whatever it asks." />
        </div>
      </Radio.Group>
      {subjectTemplate !== null && (
        <div className={styles.inset}>
          <TextInput
            label="Template"
            classNames={{ input: 'mono' }}
            maxLength={500}
            value={subjectTemplate}
            error={errors.subjectTemplate}
            aria-describedby={hint}
            onChange={(event) => {
              set({ subjectTemplate: event.currentTarget.value });
            }}
          />
          <div id={hint} className={styles.variables}>
            {VARIABLES.map(({ name, text }) => (
              <Button
                key={name}
                variant="default"
                size="compact-xs"
                aria-label={`Insert ${name}: ${text}`}
                title={text}
                onClick={() => {
                  set({ subjectTemplate: `${subjectTemplate}{{${name}}}` });
                }}
              >
                <span className="mono">{`{{${name}}}`}</span>
              </Button>
            ))}
          </div>
        </div>
      )}
    </Section>
  );
}

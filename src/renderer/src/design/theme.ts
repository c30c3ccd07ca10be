/** Colours, type and radii of the window: one ink for what is done, four tones for how things stand. */
import { type MantineColorsTuple, createTheme } from '@mantine/core';

const ink: MantineColorsTuple = ['#eef2fc', '#dbe3f7', '#b6c6ee', '#8da6e5', '#6b8bdd', '#4b70cf', '#3a5fc4', '#2d4ea8', '#243f88', '#1b2f67'];
// Its filled shades hold white text (WCAG 1.4.3), which the library's own red does not.
const red: MantineColorsTuple = ['#fdeeee', '#fadada', '#f3b3b3', '#ec8a8a', '#e06666', '#cc3b3b', '#b92f2f', '#9c2424', '#7d1c1c', '#5e1414'];
const slate: MantineColorsTuple = ['#f6f7f9', '#eceef2', '#dde1e8', '#c3c9d4', '#9aa3b2', '#717b8c', '#565f70', '#3f4756', '#2a303c', '#191d26'];
const dark: MantineColorsTuple = ['#e6e8ec', '#c3c8d1', '#a5acb9', '#7b8494', '#4c5463', '#363d4a', '#2a303b', '#20252e', '#181c23', '#101318'];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 6, dark: 5 },
  colors: { ink, slate, dark, red },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', 'DejaVu Sans Mono', 'Liberation Mono', monospace",
  headings: { fontWeight: '620' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '11px', xl: '16px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    // A link is as large as the words around it.
    Anchor: { defaultProps: { inherit: true } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Modal: { styles: { title: { fontSize: 16, fontWeight: 620 } }, defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 1 }, transitionProps: { duration: 120 } } },
    Button: { defaultProps: { size: 'sm' } },
  },
});

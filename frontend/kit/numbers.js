// @ts-check
/** Numbers as people read them. */

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {number} exponent */
export function power(exponent) {
  if (exponent === 0) return "1";
  if (exponent === 1) return "10";
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** Three significant digits, a power of ten where that is shorter. @param {number} value @param {number} [digits] */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) {
    const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 2)).split("e");
    return `${mantissa.replace("-", "−")}·${power(Number(exponent))}`;
  }
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/** A loss above its known minimum; below 1e-12 rounding decides the digits. @param {number} value */
export const gap = (value) => (value < 1e-12 ? "≤ 10⁻¹²" : short(value));

/** A number to go on calculating with: what a box shows and a document holds. @param {number} value */
export const plain = (value) => Number(value.toPrecision(6));

/** A rounded rate for a slider's position. @param {number} exponent */
export const rate = (exponent) => Number((10 ** exponent).toPrecision(exponent % 1 === 0 ? 1 : 2));

/** Addresses of the reader's modules, or null in a page that was built without. */
declare module 'virtual:reader' {
  const reader: { plain: string; simd: string } | null;
  export default reader;
}

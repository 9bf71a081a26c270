// The rule pack in the form that `frontend/pack.mjs` squeezes it into when the assets are built.

declare module "pack:rules" {
  const packed: import("./pack").Pack;
  export default packed;
}

declare module "pack:words" {
  const packed: import("./lexicon").Packed;
  export default packed;
}

declare module "pack:fold" {
  const packed: { special: Record<string, string>; lookalikes: Record<string, string> };
  export default packed;
}

// SPDX-License-Identifier: Apache-2.0
declare module 'virtual:land' {
  const land: {
    grain: number;
    theatre: [number, number, number, number];
    around: [number, number, number, number];
    polygons: number[][][];
    coasts: number[][];
  };
  export default land;
}
declare module '*.css';

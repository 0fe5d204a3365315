// `electron` resolves here for the engine, so that importing it is a type error: the engine also runs without Electron.
export {};

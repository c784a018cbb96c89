/** A nominal type: `T` that can only be made by the constructor of its name, so that two of them are never mixed up. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

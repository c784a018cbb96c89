// Whether this build of the kernel tells its host about every instruction and call. In the other build nothing of it is left.

export const IS_TRACING: bool = isDefined(TRACING);

/** Of the button that opens a chat. */
export const GET_STARTED = 'GET_STARTED';

/** Of buttons whose title is a word that Lotse knows: as if the person had written it. */
export const AS_WRITTEN = 'AS_WRITTEN';
